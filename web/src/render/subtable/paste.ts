import type { Display, Field, Json } from '../../core/api';
import type { FieldsScope } from '../../fields/context';
import { cleanNumber, shiftPoint, wireNumber } from '../../kit/shared/decimal-text';

/** A block as spreadsheets copy it: tabs between cells, lines between rows, quotes around cells with either. */
export function parseBlock(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const src = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  for (let i = 0; i < src.length; i++) {
    const c = src[i] as string;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (src[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === '\t' || c === '\n') {
      row.push(cell);
      cell = '';
      if (c === '\n') {
        rows.push(row);
        row = [];
      }
    } else cell += c;
  }
  row.push(cell);
  rows.push(row);
  return rows;
}

/** What a pasted block gives: wire values (undefined = blank or unreadable), and how many could not be read. */
export interface ReadBlock {
  values: (Json | undefined)[][];
  bad: number;
  titles: Display;
}

type Read = { value?: Json; bad?: boolean };

/** Turns texts into values of the columns; titles of people and records are looked up on the server, each once. */
export async function readBlock(
  block: string[][],
  columns: Field[],
  table: string,
  scope: FieldsScope,
): Promise<ReadBlock> {
  const titles: Display = { users: {}, depts: {}, roles: {}, records: {} };
  const seen = new Map<string, Promise<Read>>();
  let bad = 0;
  const values = await Promise.all(
    block.map((line) =>
      Promise.all(
        line.slice(0, columns.length).map(async (text, i) => {
          const column = columns[i] as Field;
          const key = `${column.key}\n${text.trim()}`;
          const found = seen.get(key) ?? readCell(text.trim(), column, table, scope, titles);
          seen.set(key, found);
          const r = await found;
          if (r.bad) bad++;
          return r.value;
        }),
      ),
    ),
  );
  return { values, bad, titles };
}

async function readCell(text: string, f: Field, table: string, scope: FieldsScope, titles: Display): Promise<Read> {
  if (text === '') return {};
  switch (f.type) {
    case 'relation':
    case 'member':
    case 'department':
    case 'role':
      return lookUp(text, f, table, scope, titles);
    default:
      return readPlain(text, f);
  }
}

/** A text as the wire value of a field that needs no server. */
export function readPlain(text: string, f: Field): Read {
  switch (f.type) {
    case 'number':
    case 'money':
    case 'slider':
    case 'rating':
    case 'percent':
      return readNumber(text, f);
    case 'date':
      return readDate(text);
    case 'switch':
      return /^(是|√|true|yes|y|1)$/i.test(text)
        ? { value: true }
        : /^(否|×|false|no|n|0)$/i.test(text)
          ? { value: false }
          : { bad: true };
    case 'radio':
    case 'select': {
      const o = f.options?.find((x) => x.text === text || x.value === text);
      return o ? { value: o.value } : { bad: true };
    }
    case 'checkbox':
    case 'multiselect': {
      const parts = text
        .split(/[,，、;；]/)
        .map((p) => f.options?.find((x) => x.text === p.trim() || x.value === p.trim())?.value);
      return parts.every(Boolean) ? { value: parts as string[] } : { bad: true };
    }
    case 'text':
    case 'textarea':
    case 'phone':
    case 'email':
    case 'url':
    case 'idcard':
    case 'barcode':
    case 'time':
      return { value: text };
    default:
      return { bad: true };
  }
}

/** (1,234.50) and 1,234.50- are how accountants write a negative. */
function readNumber(text: string, f: Field): Read {
  const negative = /^\(.*\)$/.test(text) || /\d-$/.test(text);
  const wire = wireNumber(cleanNumber(text.replace(/[()-]$|^\(/g, '')));
  if (wire === '') return { bad: true };
  const signed = negative && !wire.startsWith('-') ? `-${wire}` : wire;
  return { value: f.type === 'percent' && text.includes('%') ? shiftPoint(signed, -2) : signed };
}

function readDate(text: string): Read {
  const m = /^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?/.exec(text);
  if (!m) return { bad: true };
  return { value: [m[1], m[2]?.padStart(2, '0'), m[3]?.padStart(2, '0')].filter(Boolean).join('-') };
}

/** The one thing of that title; else the only one whose title holds the text: lists often leave the code out. */
function oneOf<X>(items: X[], text: string, title: (x: X) => string): X | undefined {
  const same = items.filter((x) => title(x) === text);
  const found = same.length ? same : items.filter((x) => title(x).includes(text));
  return found.length === 1 ? found[0] : undefined;
}

/** Exactly one thing that is meant by the text, or nothing. */
async function lookUp(
  text: string,
  f: Field,
  table: string,
  { api, form, data }: FieldsScope,
  titles: Display,
): Promise<Read> {
  try {
    if (f.type === 'relation') {
      const page = await api.options(form.ref, `${table}.${f.key}`, { q: text, data: data?.() });
      const hit = oneOf(page.items, text, (x) => x.title);
      if (!hit) return { bad: true };
      Object.assign(titles.records ?? {}, { [hit.id]: hit.title });
      return { value: f.multiple ? [hit.id] : hit.id };
    }
    const [kind, into] =
      f.type === 'member'
        ? (['users', titles.users] as const)
        : f.type === 'department'
          ? (['depts', titles.depts] as const)
          : (['roles', titles.roles] as const);
    const page = await api.org(kind, { q: text });
    const hit = oneOf(page.items, text, (x) => x.name);
    if (!hit) return { bad: true };
    Object.assign(into ?? {}, { [hit.id]: hit.name });
    return { value: f.multiple ? [hit.id] : hit.id };
  } catch {
    return { bad: true };
  }
}
