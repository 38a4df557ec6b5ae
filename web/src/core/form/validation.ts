import type { FieldFault } from '../api/types';
import { isBlank } from '../formula/value';
import { faultText } from '../i18n/errors';
import type { Cell, FieldState } from './cell';
import { asksServer, type Model, readsUnknown, split } from './model';
import type { Table, TableRow } from './table';
import { checkCount, checkValue, type Finding, finding } from './validate';

/** What a validation found, by place. */
export interface Findings {
  cells: Map<Cell, Finding[]>;
  tables: Map<Table, Finding[]>;
  /** Of no field in particular. */
  form: Finding[];
  warnings: FieldFault[];
}

const pointerOf = (path: string) => `/${path.split('.').map(escapePointer).join('/')}`;

const escapePointer = (s: string) => s.replace(/~/g, '~0').replace(/\//g, '~1');

/** Required, limits and checks of the whole record: section 5 of docs/rules.md as far as a browser can tell. */
export function validateAll(m: Model, states: Map<string, FieldState>): Findings {
  const out: Findings = { cells: new Map(), tables: new Map(), form: [], warnings: [] };
  m.each((cell, path) => {
    const found = checkCell(cell, states.get(path), m.computed.has(path), m.context.zone);
    if (found) out.cells.set(cell, [found]);
  });
  for (const [key, table] of Object.entries(m.tables)) {
    const found = checkTable(table, states.get(key));
    if (found) out.tables.set(table, [found]);
  }
  runChecks(m, out);
  return out;
}

/** What is wrong with one value. A hidden field is never wrong; a computed one only by its limits. */
export function checkCell(
  cell: Cell,
  state: FieldState | undefined,
  computed: boolean,
  zone: string,
): Finding | undefined {
  if (state && !state.visible) return undefined;
  if (cell.raw === undefined) return state?.required ? finding('required') : undefined;
  const found = checkValue(cell.field, cell.raw, zone);
  // Masked and computed values are the server's.
  if (found && (cell.field.right === 'masked' || (computed && !/^(min|max)$/.test(found.code)))) return undefined;
  return found;
}

function checkTable(table: Table, state: FieldState | undefined): Finding | undefined {
  if (state && !state.visible) return undefined;
  if (table.list.length === 0) return state?.required ? finding('required') : undefined;
  return checkCount(
    table.field,
    table.list.map((r) => r.id),
  );
}

function runChecks(m: Model, out: Findings): void {
  for (const c of m.form.checks ?? []) {
    if (readsUnknown(m, c.assert)) continue;
    let holds = false;
    try {
      const v = m.run(c.assert);
      holds = !isBlank(v) && v === true;
    } catch (e) {
      if (asksServer(e)) continue;
    }
    if (holds) continue;
    const said: Finding = { code: 'check', message: c.message, params: {} };
    if (c.level === 'warn') out.warnings.push({ ...said, path: c.field ? pointerOf(split(c.field)[0]) : '' });
    else place(m, out, c.field, said);
  }
}

function place(m: Model, out: Findings, path: string, said: Finding): void {
  const [key] = split(path || '');
  const table = m.tables[key];
  // A check is about the record: one of a column is shown at its subtable.
  if (table) push(out.tables, table, said);
  else if (m.cells[key]) push(out.cells, m.cells[key] as Cell, said);
  else out.form.push(said);
}

function push<K>(map: Map<K, Finding[]>, key: K, said: Finding): void {
  map.set(key, [...(map.get(key) ?? []), said]);
}

/** Where a JSON pointer into the record's data leads. */
export interface Place {
  cell?: Cell;
  row?: TableRow;
  table?: Table;
}

/** Finds the place of a server's error; deeper pointers lead to the field that holds them. */
export function placeOf(m: Model, pointer: string): Place {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((p) => p.replace(/~1/g, '/').replace(/~0/g, '~'));
  const [key = '', index, col] = parts;
  const table = m.tables[key];
  if (!table) return { cell: m.cells[key] };
  // A row by its position, or by its id.
  const row = index === undefined ? undefined : (table.list[Number(index)] ?? table.find(index));
  return { table, row, cell: col === undefined ? undefined : row?.cells[col] };
}

/** A server's error with its text in the language of the interface. */
export const localised = (f: FieldFault): FieldFault => ({ ...f, message: faultText(f) });

/** The errors as they stand, each with its pointer now, in the order of the form. */
export function collect(m: Model, order: string[], form: FieldFault[]): FieldFault[] {
  const out: FieldFault[] = [];
  for (const key of order) {
    for (const f of m.cells[key]?.errors.peek() ?? []) out.push({ ...f, path: pointerOf(key) });
    const table = m.tables[key];
    if (!table) continue;
    for (const f of table.errors.peek()) out.push({ ...f, path: pointerOf(key) });
    table.list.forEach((row, i) => {
      const at = `${pointerOf(key)}/${i}`;
      for (const f of row.errors.peek()) out.push({ ...f, path: at });
      for (const c of table.field.columns ?? []) {
        for (const f of row.cells[c.key]?.errors.peek() ?? [])
          out.push({ ...f, path: `${at}/${escapePointer(c.key)}` });
      }
    });
  }
  return [...out, ...form];
}
