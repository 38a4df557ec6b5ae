import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import type { Field, FieldFault, Json, RowData } from '../api/types';
import { Row, type Value } from '../formula/value';
import { Cell } from './cell';
import { Source } from './source';
import { normalize, sent } from './values';

/** One row of a subtable. */
export class TableRow {
  readonly cells: Record<string, Cell> = {};
  /** Errors of the row as a whole. */
  readonly errors: ReadonlySignal<FieldFault[]> = signal<FieldFault[]>([]);
  /** The row as formulas see it. */
  readonly view: Row;

  constructor(
    readonly table: Field,
    readonly id: string,
    data: RowData,
    /** Not saved yet: it gets defaults, and may always be removed. */
    readonly isNew: boolean,
  ) {
    for (const c of table.columns ?? []) {
      const cell = new Cell(c, normalize(data[c.key]));
      if (isNew) {
        cell.base = undefined;
        cell.touched = c.key in data;
      }
      this.cells[c.key] = cell;
    }
    const keys = ['id', ...Object.keys(this.cells)];
    this.view = new Row(
      (name) => (name === 'id' ? id : (this.cells[name]?.get() ?? null)),
      () => keys,
    );
  }

  /** The wire values of the row; computed columns only when asked for. */
  data(keep: (cell: Cell) => boolean): RowData {
    const out: RowData = { id: this.id };
    for (const [key, cell] of Object.entries(this.cells)) {
      if (cell.raw !== undefined && keep(cell)) out[key] = sent(cell.field, cell.raw);
    }
    return out;
  }

  setErrors(faults: FieldFault[]): void {
    const s = this.errors as Signal<FieldFault[]>;
    if (s.peek().length || faults.length) s.value = faults;
  }
}

/** A subtable: its rows in order. */
export class Table extends Source {
  list: TableRow[];
  /** Ids as loaded, in order. */
  readonly baseIds: string[];
  readonly rows: ReadonlySignal<TableRow[]>;
  /** Errors of the table as a whole: required, number of rows. */
  readonly errors: ReadonlySignal<FieldFault[]> = signal<FieldFault[]>([]);

  constructor(
    readonly field: Field,
    data: Json | undefined,
    isNew: boolean,
    newId: () => string,
  ) {
    super();
    const rows = Array.isArray(data) ? (data as RowData[]) : [];
    this.list = rows.map((r) => new TableRow(field, r.id ?? newId(), r, isNew));
    this.baseIds = isNew ? [] : this.list.map((r) => r.id);
    this.rows = signal(this.list);
  }

  /** The rows as formulas see them. */
  get(): Value {
    this.read();
    return this.list.map((r) => r.view);
  }

  find(id: string): TableRow | undefined {
    return this.list.find((r) => r.id === id);
  }

  replace(list: TableRow[]): void {
    this.list = list;
    this.bump();
  }

  publish(): void {
    const s = this.rows as Signal<TableRow[]>;
    if (s.peek() !== this.list) s.value = this.list;
  }

  setErrors(faults: FieldFault[]): void {
    const s = this.errors as Signal<FieldFault[]>;
    if (s.peek().length || faults.length) s.value = faults;
  }
}
