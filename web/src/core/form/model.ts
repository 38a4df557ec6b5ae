import type { CompiledForm, Field, Json, RecordView, Tree } from '../api/types';
import { evaluate, type FormulaUser } from '../formula';
import { type FormulaContext, maxList } from '../formula/context';
import { fromWire, Instant, Row, RunError, type Value } from '../formula/value';
import { parseInstant } from '../formula/zone';
import { Cell } from './cell';
import { Table, type TableRow } from './table';
import { normalize } from './values';

/** Types whose values only the server makes. */
const made = new Set(['formula', 'lookup', 'rollup', 'reverse', 'serial']);

/** The values of a form being filled, without any behaviour. */
export class Model {
  readonly cells: Record<string, Cell> = {};
  readonly tables: Record<string, Table> = {};
  /** Computed fields and columns, by path. */
  readonly computed: Set<string>;
  readonly isNew: boolean;
  /** The record as formulas see it; in a row it is `form`. */
  readonly view: Row;
  private readonly system: Record<string, Value>;

  constructor(
    readonly form: CompiledForm,
    readonly record: RecordView | undefined,
    initial: { [key: string]: Json } | undefined,
    readonly context: FormulaContext,
    readonly newId: () => string,
  ) {
    this.isNew = !record;
    const data = record?.data ?? initial ?? {};
    for (const f of form.fields) {
      if (f.type === 'subtable') this.tables[f.key] = new Table(f, data[f.key], this.isNew, newId);
      else this.cells[f.key] = this.cell(f, data[f.key]);
    }
    this.computed = new Set((form.computed ?? []).map((c) => c.field));
    for (const [path, f] of fieldPaths(form))
      if (f.computed || f.formulaTree !== undefined || made.has(f.type)) this.computed.add(path);
    this.system = { sys: systemRow(record, context), case: caseRow(record) };
    const keys = [...Object.keys(this.cells), ...Object.keys(this.tables)];
    this.view = new Row(
      (name) => this.get(name),
      () => keys,
    );
  }

  private cell(f: Field, json: Json | undefined): Cell {
    const cell = new Cell(f, normalize(json));
    if (this.isNew) {
      cell.base = undefined;
      // Given by whoever opened the form: as if typed.
      cell.touched = json !== undefined;
    }
    return cell;
  }

  /** A name of a formula over the record. */
  get(name: string): Value {
    return this.cells[name]?.get() ?? this.tables[name]?.get() ?? this.system[name] ?? null;
  }

  /** Runs a tree over the record, or over a row. */
  run(tree: Tree, row?: TableRow): Value {
    if (!row) return evaluate(tree, (name) => this.get(name), this.context);
    const vars = (name: string) =>
      name === 'form' ? this.view : (row.cells[name]?.get() ?? this.system[name] ?? null);
    return evaluate(tree, vars, this.context);
  }

  /** Every cell, with its path and row. */
  each(f: (cell: Cell, path: string, row?: TableRow) => void): void {
    for (const [key, cell] of Object.entries(this.cells)) f(cell, key);
    for (const [key, table] of Object.entries(this.tables)) {
      for (const row of table.list) for (const [col, cell] of Object.entries(row.cells)) f(cell, `${key}.${col}`, row);
    }
  }

  /** The cells of a path: one, or that of every row. */
  at(path: string): { cell: Cell; row?: TableRow }[] {
    const [key, col] = split(path);
    if (col === undefined) {
      const cell = this.cells[key];
      return cell ? [{ cell }] : [];
    }
    return (this.tables[key]?.list ?? []).map((row) => ({ cell: row.cells[col] as Cell, row })).filter((x) => x.cell);
  }

  /** Most rows a subtable may have. */
  maxRows(key: string): number {
    return this.tables[key]?.field.maxItems || maxList;
  }
}

/** "lines.qty" → ["lines", "qty"]; "amount" → ["amount", undefined]. */
export function split(path: string): [string, string | undefined] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path, undefined] : [path.slice(0, dot), path.slice(dot + 1)];
}

/** Every field and column with its path, in order of definition. */
export function fieldPaths(form: CompiledForm): [string, Field][] {
  const out: [string, Field][] = [];
  for (const f of form.fields) {
    out.push([f.key, f]);
    for (const c of f.columns ?? []) out.push([`${f.key}.${c.key}`, c]);
  }
  return out;
}

function systemRow(r: RecordView | undefined, c: FormulaContext): Row {
  const time = (iso?: string) => {
    const ms = iso ? parseInstant(iso) : undefined;
    return ms === undefined ? null : new Instant(ms);
  };
  if (!r) return Row.of({ created_by: c.user?.id ?? null, created_at: new Instant(c.now), dept: c.user?.dept ?? null });
  return Row.of({
    id: r.id,
    title: r.title,
    version: fromWire('number', r.version),
    created_by: r.sys?.created_by ?? null,
    created_at: time(r.sys?.created_at),
    dept: r.sys?.dept ?? null,
    updated_by: r.sys?.updated_by ?? null,
    updated_at: time(r.sys?.updated_at),
  });
}

function caseRow(r: RecordView | undefined): Row {
  return Row.of({
    state: r?.case?.state ?? null,
    nodes: (r?.case?.nodes ?? []).map((n) => n.id),
    handlers: r?.case?.handlers ?? [],
    result: r?.case?.result ?? null,
  });
}

/**
 * Whether a formula reads a field that this person's form does not have, or has
 * only masked: then its result here would be wrong.
 */
export function readsUnknown(m: Model, tree: Tree | null | undefined, path = ''): boolean {
  const table = m.tables[split(path)[0]];
  const column = (t: Table | undefined, name: string) => visible(t?.field.columns?.find((c) => c.key === name));
  const known = (name: string, row?: Table) =>
    name === 'sys' ||
    name === 'case' ||
    name in m.tables ||
    visible(m.cells[name]?.field) ||
    (!!row && column(row, name));
  const walk = (n: Json | undefined): boolean => {
    if (!Array.isArray(n)) return false;
    const [op, a, b] = n;
    if (op === 'id') return !(table && a === 'form') && !known(a as string, path.includes('.') ? table : undefined);
    if (op === '.' && sameNode(a, 'form') && table) return !known(b as string);
    if (op === 'col' && Array.isArray(a) && a[0] === 'id' && m.tables[a[1] as string] && b !== 'id') {
      return !column(m.tables[a[1] as string], b as string);
    }
    return n.slice(1).some(walk);
  };
  return walk((tree as { e?: Json } | null | undefined)?.e);
}

const visible = (f: Field | undefined): boolean => !!f && f.right !== 'masked';

const sameNode = (n: Json | undefined, name: string) => Array.isArray(n) && n[0] === 'id' && n[1] === name;

/** Whether an error of a run means "ask the server". Other run errors leave the value blank, as a broken formula does. */
export function asksServer(e: unknown): boolean {
  if (!(e instanceof RunError)) throw e;
  return e.code === 'server_only';
}

export type { FormulaUser };
