import type { Field, FieldFault, FieldOption, FieldType, FileInfo, Json } from '../api/types';
import { fileSize } from '../format/number';
import { Decimal } from '../formula/decimal';
import { dayText, localDay, parseDay, parseInstant } from '../formula/zone';
import { faultText } from '../i18n/errors';
import { isInstant, isNumeric } from './values';

/** A finding without its place. */
export type Finding = Omit<FieldFault, 'path'>;

/** Makes a finding with its text in the language of the interface. */
export function finding(code: string, params: Record<string, Json> = {}): Finding {
  return { code, params, message: faultText({ code, params }) };
}

/** The first thing wrong with a present value; undefined when it is right. Required is not looked at. */
export function checkValue(f: Field, json: Json, zone = 'UTC'): Finding | undefined {
  if (isNumeric(f)) return checkNumber(f, json);
  switch (f.type) {
    case 'date':
      return checkDate(f, json, zone);
    case 'daterange':
      return checkRange(f, json, zone);
    case 'radio':
    case 'select':
      return checkOptions(f, [json]);
    case 'checkbox':
    case 'multiselect':
      return checkCount(f, json) ?? checkOptions(f, json as Json[]);
    case 'cascade':
      return checkPath(f, json);
    case 'attachment':
    case 'image':
      return checkCount(f, json) ?? checkFiles(f, json);
    case 'member':
    case 'department':
    case 'role':
    case 'relation':
      return checkCount(f, json);
    default:
      return typeof json === 'string' ? checkText(f, json) : undefined;
  }
}

function checkNumber(f: Field, json: Json): Finding | undefined {
  const d = Decimal.parse(String(json));
  if (!d) return finding('type');
  if (f.scale !== undefined && f.scale >= 0 && d.trim().scale > f.scale) return finding('scale', { scale: f.scale });
  const [min, max] = [bound(f.min), bound(f.max)];
  if (min && d.cmp(min) < 0) return finding('min', { min: shown(f, min) });
  const top = f.type === 'rating' && !max ? Decimal.of(f.steps || 5) : max;
  if (top && d.cmp(top) > 0) return finding('max', { max: shown(f, top) });
  return undefined;
}

const bound = (text: string | undefined) => (text ? Decimal.parse(text) : undefined);

const shown = (f: Field, d: Decimal) => (f.type === 'percent' ? `${d.mul(Decimal.of(100)).trim()}%` : d.toString());

function checkDate(f: Field, json: Json, zone: string): Finding | undefined {
  const text = String(json);
  const ms = isInstant(f) ? parseInstant(text) : undefined;
  const length = { year: 4, month: 7 }[f.precision as 'year'] ?? 10;
  if (isInstant(f) ? ms === undefined : parseDay(text) === undefined || text.length !== length) {
    return finding('format', { format: 'date' });
  }
  const day = ms === undefined ? text : dayText(localDay(ms, zone)[0]);
  // Both sides are compared as far as they are written.
  const { min, max } = f;
  if (min && day.slice(0, min.length) < min.slice(0, day.length)) return finding('min', { min });
  if (max && day.slice(0, max.length) > max.slice(0, day.length)) return finding('max', { max });
  return undefined;
}

function checkRange(f: Field, json: Json, zone: string): Finding | undefined {
  const { start, end } = json as { start?: string; end?: string };
  if (!start || !end) return finding('range_open');
  return checkDate(f, start, zone) ?? checkDate(f, end, zone) ?? (start > end ? finding('range') : undefined);
}

function checkFiles(f: Field, json: Json): Finding | undefined {
  for (const file of json as unknown as FileInfo[]) {
    if (f.maxBytes && file.size > f.maxBytes) return finding('file_size', { max: fileSize(f.maxBytes) });
    const dot = file.name?.lastIndexOf('.') ?? -1;
    if (f.accept?.length && !f.accept.includes(dot < 0 ? '' : file.name.slice(dot + 1).toLowerCase())) {
      return finding('file_type', { types: f.accept.join(', ') });
    }
  }
  return undefined;
}

function checkText(f: Field, text: string): Finding | undefined {
  if (f.maxLength && Array.from(text).length > f.maxLength) return finding('max_length', { max: f.maxLength });
  const re = f.pattern ? regexp(f.pattern) : undefined;
  if (re && !re.test(text)) return finding('pattern');
  const right = formats[f.type];
  return right && !right(text) ? finding('format', { format: f.type }) : undefined;
}

const formats: Partial<Record<FieldType, (text: string) => boolean>> = {
  phone: (t) => /^\+?[0-9 ()-]*$/.test(t) && /^\d{3,20}$/.test(t.replace(/\D/g, '')),
  // The server decides the rare forms; this finds what is plainly wrong.
  email: (t) => /^[^\s@]+@[^\s@]+$/.test(t) && t.length <= 254,
  url: (t) => /^https?:\/\/[^/\s]/i.test(t),
  idcard: validIdCard,
};

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A resident identity number: 18 characters with a right check digit (GB 11643), or the old 15 digits. */
function validIdCard(text: string): boolean {
  const m = /^\d{6}(?:(\d{4})(\d\d)(\d\d)\d{3}([0-9X])|(\d\d)(\d\d)(\d\d)\d{3})$/i.exec(text);
  if (!m) return false;
  if (m[5]) return parseDay(`19${m[5]}-${m[6]}-${m[7]}`) !== undefined;
  let sum = 0;
  weights.forEach((w, i) => {
    sum += w * Number(text[i]);
  });
  return parseDay(`${m[1]}-${m[2]}-${m[3]}`) !== undefined && '10X98765432'[sum % 11] === text[17]?.toUpperCase();
}

const patterns = new Map<string, RegExp | undefined>();

/** A pattern of the server; one that JavaScript cannot read is left to the server. */
function regexp(pattern: string): RegExp | undefined {
  if (!patterns.has(pattern)) {
    let re: RegExp | undefined;
    try {
      re = new RegExp(pattern, 'u');
    } catch {
      re = undefined;
    }
    patterns.set(pattern, re);
  }
  return patterns.get(pattern);
}

/** Options that come from elsewhere are checked by the server. */
function checkOptions(f: Field, values: Json[]): Finding | undefined {
  if (!f.options?.length) return undefined;
  const known = new Set(f.options.map((o) => o.value));
  return values.every((v) => known.has(String(v))) ? undefined : finding('option');
}

function checkPath(f: Field, json: Json): Finding | undefined {
  let level: FieldOption[] | undefined = f.options;
  if (!level?.length) return undefined;
  for (const v of json as string[]) {
    const found: FieldOption | undefined = level?.find((o) => o.value === v);
    if (!found) return finding('option');
    level = found.children;
  }
  return undefined;
}

/** Too few or too many of a list; a subtable's rows too. */
export function checkCount(f: Field, json: Json | undefined): Finding | undefined {
  const n = Array.isArray(json) ? json.length : json === undefined ? 0 : 1;
  if (f.minItems && n < f.minItems) return finding('min_items', { min: f.minItems });
  if (f.maxItems && n > f.maxItems) return finding('max_items', { max: f.maxItems });
  return undefined;
}
