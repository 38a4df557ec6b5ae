import type { Json } from '../api/types';
import { Decimal } from './decimal';
import { instantText, parseInstant, wallOf } from './zone';

/** A moment, UTC milliseconds. */
export class Instant {
  constructor(readonly ms: number) {}
}

/** A row: its members are read by name, possibly lazily. */
export class Row {
  constructor(
    readonly get: (name: string) => Value,
    readonly keys: () => string[],
  ) {}

  static of(members: Record<string, Value>): Row {
    return new Row(
      (name) => (Object.hasOwn(members, name) ? (members[name] as Value) : null),
      () => Object.keys(members),
    );
  }
}

/** What formulas compute with; null, "", [] and an empty row are blank. */
export type Value = null | Decimal | string | boolean | Instant | Row | Value[];

/** Why a run stopped: limit, type, argument, server_only, filter_only. */
export type RunCode = 'limit' | 'type' | 'argument' | 'server_only' | 'filter_only';

/** A run that has no answer. */
export class RunError extends Error {
  constructor(
    readonly code: RunCode,
    detail = '',
  ) {
    super(detail ? `${code}: ${detail}` : code);
    Object.setPrototypeOf(this, RunError.prototype);
  }
}

/** Only the server can answer: ask it. */
export const serverOnly = (name: string) => new RunError('server_only', name);

export function isBlank(v: Value | undefined): v is null | undefined {
  if (v === null || v === undefined || v === '') return true;
  if (Array.isArray(v)) return v.length === 0;
  return v instanceof Row && v.keys().length === 0;
}

/** Text by code points. */
export const points = (text: string): string[] => Array.from(text);

type Kind = 'number' | 'text' | 'bool' | 'instant' | 'list' | 'row';

export function kindOf(v: Exclude<Value, null>): Kind {
  if (typeof v === 'string') return 'text';
  if (typeof v === 'boolean') return 'bool';
  if (v instanceof Decimal) return 'number';
  if (v instanceof Instant) return 'instant';
  return Array.isArray(v) ? 'list' : 'row';
}

// Surrogates stand for code points above all 16-bit ones.
const rank = (unit: number) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);

/** By code point: -1, 0, 1. */
export function compareText(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const d = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
    if (d) return d < 0 ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

/** A row stands for a record: its id is its identity. */
export const identity = (v: Value): Value => (v instanceof Row ? v.get('id') : v);

/** Orders two values of one kind; undefined when they have none, or one is blank. */
export function compare(x: Value, y: Value): number | undefined {
  const a = identity(x);
  const b = identity(y);
  if (isBlank(a) || isBlank(b)) return undefined;
  if (a instanceof Decimal && b instanceof Decimal) return a.cmp(b);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (a instanceof Instant && b instanceof Instant) return Math.sign(a.ms - b.ms);
  return undefined;
}

/** `==`: false with a blank, between kinds, and between lists. */
export function equal(x: Value, y: Value): boolean {
  return typeof x === 'boolean' ? x === y : compare(x, y) === 0;
}

/** Equal values have equal keys; undefined for what equals nothing. */
export function keyOf(v: Value): string | undefined {
  const x = identity(v);
  if (isBlank(x) || Array.isArray(x)) return undefined;
  if (x instanceof Decimal) return `n${x.key()}`;
  if (x instanceof Instant) return `i${x.ms}`;
  return typeof x === 'string' ? `t${x}` : `b${x}`;
}

const pad = (n: number, width = 2) => `${'0'.repeat(width)}${n}`.slice(-width);

/** A value joined into text; blank is "". */
export function toText(v: Value, zone: string): string {
  if (isBlank(v)) return '';
  if (v instanceof Decimal) return v.key();
  if (v instanceof Instant) {
    const w = wallOf(v.ms, zone);
    return `${pad(w.y, 4)}-${pad(w.mo)}-${pad(w.d)} ${pad(w.h)}:${pad(w.mi)}:${pad(w.s)}`;
  }
  if (Array.isArray(v)) {
    return v
      .map((x) => toText(x, zone))
      .filter(Boolean)
      .join(',');
  }
  return v instanceof Row ? toText(v.get('id'), zone) : String(v);
}

/** The type of a value as the vectors and forms write it. */
export type Type =
  | 'any'
  | 'number'
  | 'string'
  | 'bool'
  | 'date'
  | 'datetime'
  | 'time'
  | 'person'
  | 'dept'
  | 'record'
  | { list: Type }
  | { row: Record<string, Type> }
  | { record: Record<string, Type> };

/** A wire value in its kind; what does not fit its type comes as what it is. */
export function fromWire(type: Type, json: Json | undefined): Value {
  if (json === null || json === undefined || json === '') return null;
  if (typeof type === 'object') return fromCompound(type, json);
  if (type === 'any') return fromAny(json);
  if (type === 'number') return Decimal.parse(String(json)) ?? fromAny(json);
  if (type === 'bool') return fromAny(json);
  if (type === 'datetime') {
    const ms = typeof json === 'string' ? parseInstant(json) : undefined;
    return ms === undefined ? fromAny(json) : new Instant(ms);
  }
  return fromAny(json);
}

function fromCompound(type: Exclude<Type, string>, json: Json): Value {
  if ('list' in type) return (Array.isArray(json) ? json : [json]).map((x) => fromWire(type.list, x));
  if (typeof json === 'string') return json;
  if (!json || typeof json !== 'object' || Array.isArray(json)) return null;
  const fields = 'row' in type ? type.row : type.record;
  const out: Record<string, Value> = {};
  for (const [k, v] of Object.entries(json)) {
    const t = fields[k];
    out[k] = t ? fromWire(t, v) : fromAny(v);
  }
  return Row.of(out);
}

function fromAny(json: Json): Value {
  if (typeof json === 'number') return Decimal.of(json);
  if (Array.isArray(json)) return json.map(fromAny);
  if (!json || typeof json !== 'object') return json;
  const out: Record<string, Value> = {};
  for (const [k, v] of Object.entries(json)) out[k] = fromAny(v);
  return Row.of(out);
}

/** Guards the static type of a result against what a value of type any turned out to be. */
export function conform(v: Value, type: Type): Value {
  const fits =
    isBlank(v) ||
    (type === 'number' && v instanceof Decimal) ||
    (type === 'bool' && typeof v === 'boolean') ||
    (typeof type === 'object' && (!('list' in type) || Array.isArray(v))) ||
    type === 'any' ||
    type === 'datetime' ||
    (type !== 'number' && type !== 'bool' && typeof type === 'string' && typeof identity(v) === 'string');
  if (!fits) throw new RunError('type', 'result');
  return v;
}

/** A result as it goes over the wire: blank is null, a record given as a row is its id. */
export function toWire(v: Value, type: Type = 'any'): Json {
  if (isBlank(v)) return null;
  if (v instanceof Decimal) return v.toString();
  if (v instanceof Instant) return instantText(v.ms);
  if (Array.isArray(v)) return v.map((x) => toWire(x, typeof type === 'object' && 'list' in type ? type.list : 'any'));
  if (!(v instanceof Row)) return v;
  if (type === 'record' || (typeof type === 'object' && 'record' in type)) return toWire(v.get('id'));
  const fields = typeof type === 'object' && 'row' in type ? type.row : {};
  const out: { [k: string]: Json } = {};
  for (const k of v.keys()) out[k] = toWire(v.get(k), fields[k]);
  return out;
}
