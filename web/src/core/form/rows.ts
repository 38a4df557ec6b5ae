import { batch, computed, type ReadonlySignal } from '@preact/signals-core';
import type { Json, RowData, SummaryFn } from '../api/types';
import { Decimal } from '../formula/decimal';
import type { Cell, FieldState } from './cell';
import type { FormState } from './form';
import { type Table, TableRow } from './table';

/** What people do with the rows of a subtable. What is not allowed does nothing. */
export class Rows {
  private readonly totalSignals = new Map<string, ReadonlySignal<Record<string, string>>>();

  constructor(private readonly form: FormState) {}

  /** Whether a row may be added now. */
  canAdd(key: string): boolean {
    const table = this.form.table(key);
    if (!table || !this.open(key) || !this.form.access.rows(key, 'add')) return false;
    return table.list.length < this.form.model.maxRows(key);
  }

  /** Whether a row may be removed: a new one always. */
  canRemove(key: string, row: TableRow): boolean {
    return this.open(key) && (row.isNew || this.form.access.rows(key, 'delete'));
  }

  /** Whether rows may change places. */
  canMove(key: string): boolean {
    return this.open(key) && this.form.access.rows(key, 'edit');
  }

  /** How a cell of a row stands: as its column, and read-only where the row may not be edited. */
  cellState(key: string, row: TableRow, column: string): FieldState {
    const s = this.form.state(`${key}.${column}`).value;
    if (s.readonly || this.form.access.rowEditable(key, row)) return s;
    return { ...s, readonly: true, required: false };
  }

  /** Adds a row, at the end or at an index; gives it, or undefined where that is not allowed. */
  add(key: string, values: RowData = {}, at?: number): TableRow | undefined {
    return this.insert(key, [values], at)[0];
  }

  /** Adds many rows at once, as a paste does; as many as there is room for. */
  insert(key: string, list: RowData[], at?: number): TableRow[] {
    const table = this.form.table(key);
    if (!table || !this.canAdd(key)) return [];
    const room = this.form.model.maxRows(key) - table.list.length;
    const fresh = list
      .slice(0, room)
      .map((v) => new TableRow(table.field, this.form.model.newId(), this.clean(key, v), true));
    const index = at === undefined ? table.list.length : Math.max(0, Math.min(at, table.list.length));
    table.replace([...table.list.slice(0, index), ...fresh, ...table.list.slice(index)]);
    this.form.restructured(table);
    return fresh;
  }

  /** Adds a copy of a row behind it. */
  copy(key: string, rowId: string): TableRow | undefined {
    const table = this.form.table(key);
    const i = table?.list.findIndex((r) => r.id === rowId) ?? -1;
    const row = table?.list[i];
    return row && this.add(key, { ...row.data(() => true), id: undefined }, i + 1);
  }

  /** Removes a row; false where that is not allowed. */
  remove(key: string, rowId: string): boolean {
    const table = this.form.table(key);
    const row = table?.find(rowId);
    if (!table || !row || !this.canRemove(key, row)) return false;
    table.replace(table.list.filter((r) => r !== row));
    this.form.restructured(table);
    return true;
  }

  /** Moves a row to an index; false where that is not allowed. */
  move(key: string, rowId: string, to: number): boolean {
    const table = this.form.table(key);
    const row = table?.find(rowId);
    if (!table || !row || !this.canMove(key)) return false;
    const rest = table.list.filter((r) => r !== row);
    rest.splice(Math.max(0, Math.min(to, rest.length)), 0, row);
    table.replace(rest);
    this.form.restructured(table);
    return true;
  }

  /**
   * Writes a block of texts over cells from one cell on, adding rows where it
   * is longer than the table. Columns are those given, in the order shown.
   */
  paste(key: string, rowId: string, columns: string[], block: (Json | undefined)[][]): void {
    const table = this.form.table(key);
    const start = table?.list.findIndex((r) => r.id === rowId) ?? -1;
    if (!table || start < 0) return;
    batch(() => {
      const missing = start + block.length - table.list.length;
      if (missing > 0) this.insert(key, new Array(missing).fill({}));
      const writes: [Cell, Json | undefined][] = [];
      block.forEach((line, i) => {
        const row = table.list[start + i];
        columns.forEach((col, k) => {
          const cell = row?.cells[col];
          if (row && cell && k < line.length && !this.cellState(key, row, col).readonly) writes.push([cell, line[k]]);
        });
      });
      this.form.put(writes);
    });
  }

  /** The totals of the columns that have one, as decimal texts; a column without values has none. */
  totals(key: string): ReadonlySignal<Record<string, string>> {
    let s = this.totalSignals.get(key);
    if (!s) {
      s = computed(() => {
        this.form.changes.value;
        return totalsOf(this.form.table(key));
      });
      this.totalSignals.set(key, s);
    }
    return s;
  }

  /** @internal Brings the rows of a draft back: saved rows keep what is theirs, others are new. */
  restore(key: string, list: RowData[]): void {
    const table = this.form.table(key);
    if (!table) return;
    const rows = list.map((data) => {
      const row = data.id ? table.find(data.id) : undefined;
      if (!row) return new TableRow(table.field, data.id ?? this.form.model.newId(), this.clean(key, data), true);
      for (const [col, cell] of Object.entries(row.cells)) {
        if (!this.form.model.computed.has(`${key}.${col}`)) this.form.write(cell, data[col]);
      }
      return row;
    });
    table.replace(rows);
  }

  private open(key: string): boolean {
    const s = this.form.state(key).value;
    // Without the right to write the table, the row rights alone decide.
    return s.visible && (!s.readonly || !this.form.access.writable(key));
  }

  /** Only columns of the table that are not computed. */
  private clean(key: string, values: RowData): RowData {
    const out: RowData = {};
    for (const c of this.form.table(key)?.field.columns ?? []) {
      const v = values[c.key];
      if (v !== undefined && !this.form.model.computed.has(`${key}.${c.key}`)) out[c.key] = v;
    }
    return out;
  }
}

function totalsOf(table: Table | undefined): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [col, fn] of Object.entries(table?.field.summary ?? {})) {
    const values = (table?.list ?? []).map((r) => r.cells[col]?.raw).filter((v) => v !== undefined);
    const total = fold(fn, values);
    if (total) out[col] = total.toString();
  }
  return out;
}

function fold(fn: SummaryFn, values: (Json | undefined)[]): Decimal | undefined {
  if (fn === 'count') return Decimal.of(values.length);
  const all = values.map((v) => Decimal.parse(String(v))).filter((d): d is Decimal => !!d);
  if (!all.length) return undefined;
  if (fn === 'min' || fn === 'max') return all.reduce((a, b) => (a.cmp(b) > 0 === (fn === 'max') ? a : b));
  const sum = all.reduce((a, b) => a.add(b));
  return fn === 'sum' ? sum : sum.div(Decimal.of(all.length));
}
