import type { Rights, RowRight } from '../api/types';
import { type Model, split } from './model';
import type { TableRow } from './table';

/** What the acting person may write, by the record's rights or, for a new record, the form's. */
export class Access {
  private readonly rights: Rights | undefined;

  constructor(private readonly model: Model) {
    this.rights = model.record?.rights;
  }

  /** Whether the person may write a field or column, rules aside. */
  writable(path: string): boolean {
    return this.right(path) === 'write';
  }

  /** Whether the person may not even see it. */
  hidden(path: string): boolean {
    return this.right(path) === 'hidden';
  }

  /** Whether the node demands it. */
  required(path: string): boolean {
    return this.rights?.require?.includes(path) ?? false;
  }

  private right(path: string): string {
    const [key, col] = split(path);
    const r = this.rights;
    // The server names every field and column that differs from the default.
    if (r) return r.fields?.[path] ?? r.default ?? 'write';
    const f = this.model.form.fields.find((x) => x.key === key);
    const c = col ? f?.columns?.find((x) => x.key === col) : undefined;
    return c?.right ?? f?.right ?? 'write';
  }

  /** Whether the person may add, edit or delete saved rows of a subtable. */
  rows(table: string, right: RowRight): boolean {
    const listed = this.rights?.rows?.[table];
    return listed ? listed.includes(right) : this.writable(table);
  }

  /** Whether a row's cells may be edited at all. */
  rowEditable(table: string, row: TableRow): boolean {
    return row.isNew ? this.rows(table, 'add') : this.rows(table, 'edit');
  }
}
