import type { Field, FieldType, Json } from '../api/types';
import { Decimal } from '../formula/decimal';
import { conform, fromWire, Instant, type Type, toWire, type Value } from '../formula/value';
import { dayText, localDay, parseInstant } from '../formula/zone';

const numeric = new Set<FieldType>(['number', 'money', 'percent', 'rating', 'slider', 'rollup']);
const lists = new Set<FieldType>(['checkbox', 'multiselect', 'cascade', 'region']);
const people: Partial<Record<FieldType, Type>> = {
  member: 'person',
  department: 'dept',
  role: 'string',
  relation: 'record',
};
const file: Type = { row: { id: 'string', name: 'string', size: 'number', type: 'string' } };
const rows: Partial<Record<FieldType, Type>> = {
  address: { row: { region: { list: 'string' }, detail: 'string' } },
  location: { row: { lng: 'number', lat: 'number', address: 'string' } },
  attachment: { list: file },
  image: { list: file },
  signature: file,
};

/** Whether a field holds an amount: its wire value is a decimal string. */
export const isNumeric = (f: Field): boolean => numeric.has(f.type === 'formula' ? (f.resultType ?? 'text') : f.type);

/** Whether a date field keeps an instant instead of a calendar day. */
export const isInstant = (f: Field): boolean =>
  f.precision === 'hour' || f.precision === 'minute' || f.precision === 'second';

/** The type of a field's value in formulas: the value table of the product. */
export function formulaType(f: Field): Type {
  const type = f.type === 'formula' || f.type === 'lookup' ? f.resultType : f.type;
  if (!type || type === 'json' || type === 'lookup' || type === 'formula' || type === 'reverse') return 'any';
  if (numeric.has(type)) return 'number';
  if (lists.has(type)) return { list: 'string' };
  const date: Type = isInstant(f) ? 'datetime' : 'date';
  if (type === 'date') return date;
  if (type === 'daterange') return { row: { start: date, end: date } };
  if (type === 'switch') return 'bool';
  if (type === 'time') return 'time';
  const one = people[type];
  if (one) return f.multiple ? { list: one } : one;
  return rows[type] ?? 'string';
}

/** A wire value as formulas see it. */
export function toValue(f: Field, json: Json | undefined): Value {
  const ms = f.type === 'formula' && typeof json === 'string' ? parseInstant(json) : undefined;
  return ms === undefined ? fromWire(formulaType(f), json) : new Instant(ms);
}

/**
 * A formula's result as the field's wire value: a number rounded to the
 * field's scale, a day cut to its precision. A result of another kind than the
 * field's is a RunError.
 */
export function fromValue(f: Field, v: Value, zone: string): Json | undefined {
  if (isNumeric(f)) conform(v, 'number');
  if (v instanceof Decimal && f.scale !== undefined && f.scale >= 0) return v.round(f.scale).toString();
  if ((f.type === 'date' || f.type === 'formula') && !isInstant(f)) {
    if (v instanceof Instant) return cutDay(f, dayText(localDay(v.ms, zone)[0]));
    if (f.type === 'date' && typeof v === 'string') return cutDay(f, v) || undefined;
  }
  return toWire(v, formulaType(f)) ?? undefined;
}

const cutDay = (f: Field, day: string) => day.slice(0, { year: 4, month: 7 }[f.precision as 'year'] ?? 10);

/** A raw value as it is sent: numbers of an imported schema are JSON numbers. */
export function sent(f: Field, json: Json | undefined): Json | undefined {
  if (!f.plain || typeof json !== 'string' || !isNumeric(f)) return json;
  // A number that a binary float cannot hold exactly goes as text and is refused with its place.
  return Decimal.parse(json)?.key() === Decimal.parse(String(Number(json)))?.key() ? Number(json) : json;
}

/** What an input gives as a wire value: blank in all its forms becomes undefined. */
export function normalize(json: Json | undefined): Json | undefined {
  if (json === null || json === undefined || json === '') return undefined;
  if (Array.isArray(json)) return json.length ? json : undefined;
  if (typeof json !== 'object') return json;
  const out: { [k: string]: Json } = {};
  for (const [k, v] of Object.entries(json)) {
    const kept = normalize(v);
    if (kept !== undefined) out[k] = kept;
  }
  return Object.keys(out).length ? out : undefined;
}

/** Deep equality of wire values. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((k) => sameJson((a as Record<string, Json>)[k], (b as Record<string, Json>)[k]));
}

/** Equality of a field's values: numbers by value ("1.50" is "1.5"). */
export function sameValue(f: Field, a: Json | undefined, b: Json | undefined): boolean {
  if (isNumeric(f) && a !== undefined && b !== undefined) {
    const x = Decimal.parse(String(a));
    const y = Decimal.parse(String(b));
    if (x && y) return x.cmp(y) === 0;
  }
  return sameJson(a, b);
}
