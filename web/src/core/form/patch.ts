import type { DataPatch, Json, RecordData, RowData, RowsPatch } from '../api/types';
import type { Access } from './access';
import type { Cell } from './cell';
import type { Model } from './model';
import type { Table, TableRow } from './table';
import { sameValue, sent } from './values';

/** Whether the user has changed a cell from what was loaded. */
export const changed = (c: Cell): boolean => c.touched && !sameValue(c.field, c.raw, c.base);

/**
 * What the user changed against the loaded record, and nothing else: computed
 * fields, fields set by rules and fields without the right to write stay out.
 */
export function patchOf(m: Model, access: Access): DataPatch {
  const set: RecordData = {};
  const unset: string[] = [];
  for (const [key, cell] of Object.entries(m.cells)) {
    if (!changed(cell) || m.computed.has(key) || !access.writable(key)) continue;
    if (cell.raw === undefined) unset.push(key);
    else set[key] = sent(cell.field, cell.raw) as Json;
  }
  const rows: Record<string, RowsPatch> = {};
  for (const [key, table] of Object.entries(m.tables)) {
    const p = rowsPatch(m, key, table, access);
    if (p) rows[key] = p;
  }
  const out: DataPatch = {};
  if (Object.keys(set).length) out.set = set;
  if (unset.length) out.unset = unset;
  if (Object.keys(rows).length) out.rows = rows;
  return out;
}

function rowsPatch(m: Model, key: string, table: Table, access: Access): RowsPatch | undefined {
  const writable = (col: string) => !m.computed.has(`${key}.${col}`) && access.writable(`${key}.${col}`);
  const out: RowsPatch = {};
  const add = table.list.filter((r) => r.isNew).map((r) => r.data((c) => writable(c.field.key)));
  const change = table.list.map((r) => rowChange(r, writable)).filter((r): r is RowData => !!r);
  const present = new Set(table.list.map((r) => r.id));
  const remove = table.baseIds.filter((id) => !present.has(id));
  if (add.length) out.add = add;
  if (change.length) out.change = change;
  if (remove.length) out.remove = remove;
  if (moved(table)) out.order = table.list.map((r) => r.id);
  return Object.keys(out).length ? out : undefined;
}

function rowChange(r: TableRow, writable: (col: string) => boolean): RowData | undefined {
  if (r.isNew) return undefined;
  const out: RowData = { id: r.id };
  for (const [col, cell] of Object.entries(r.cells)) {
    if (changed(cell) && writable(col)) out[col] = sent(cell.field, cell.raw) ?? null;
  }
  return Object.keys(out).length > 1 ? out : undefined;
}

/** Whether the rows stand otherwise than a server would put them: saved ones as they were, new ones behind. */
function moved(table: Table): boolean {
  const present = new Set(table.list.map((r) => r.id));
  const natural = [
    ...table.baseIds.filter((id) => present.has(id)),
    ...table.list.filter((r) => r.isNew).map((r) => r.id),
  ];
  return table.list.some((r, i) => r.id !== natural[i]);
}

/** Whether a patch changes nothing. */
export const isEmptyPatch = (p: DataPatch): boolean => !p.set && !p.unset && !p.rows;

/**
 * The whole record as it is to be created or evaluated. A field left empty on
 * purpose is null, so that it gets no default. What the person may not write is
 * left out unless `all`.
 */
export function dataOf(m: Model, access: Access, all: boolean): RecordData {
  const told = (path: string) => !m.computed.has(path) && (all || access.writable(path));
  const out: RecordData = {};
  for (const f of m.form.fields) {
    const table = m.tables[f.key];
    const cell = m.cells[f.key];
    if (table && told(f.key)) {
      const rows = table.list.map((r) => rowData(r, (c) => told(`${f.key}.${c.field.key}`)));
      if (rows.length) out[f.key] = rows as unknown as Json;
    } else if (cell && told(f.key)) {
      const json = sent(cell.field, cell.raw) ?? emptied(cell, m.isNew);
      if (json !== undefined) out[f.key] = json;
    }
  }
  return out;
}

function rowData(r: TableRow, keep: (c: Cell) => boolean): RowData {
  const out = r.data(keep);
  for (const [col, c] of Object.entries(r.cells)) {
    if (c.raw === undefined && keep(c) && emptied(c, r.isNew) === null) out[col] = null;
  }
  return out;
}

/** null for a default that the user took away. */
const emptied = (c: Cell, isNew: boolean): null | undefined =>
  isNew && c.touched && (c.field.default !== undefined || c.field.defaultTree !== undefined) ? null : undefined;
