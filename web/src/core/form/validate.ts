import type { Field, FieldFault, FieldOption, Json } from '../api/types';
import { Decimal } from '../formula/decimal';
import { parseDay, parseInstant } from '../formula/zone';
import { faultText } from '../i18n/errors';
import { isInstant, isNumeric } from './values';

/** A finding without its place. */
export type Finding = Omit<FieldFault, 'path'>;

/** Makes a finding with its text in the language of the interface. */
export function finding(code: string, params: Record<string, Json> = {}): Finding {
  return { code, params, message: faultText({ code, params }) };
}

/** The first thing wrong with a present value; undefined when it is right. Required is not looked at. */
export function checkValue(f: Field, json: Json): Finding | undefined {
  if (isNumeric(f)) return checkNumber(f, json);
  switch (f.type) {
    case 'date':
      return checkDate(f, json);
    case 'daterange':
      return checkRange(f, json);
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

function checkDate(f: Field, json: Json): Finding | undefined {
  const text = String(json);
  const shape = { year: 4, month: 7, day: 10 }[(f.precision ?? 'day') as 'day'];
  const right = isInstant(f) ? parseInstant(text) !== undefined : parseDay(text) !== undefined && text.length === shape;
  if (!right) return finding('type');
  // Both sides are compared as far as the bound is written.
  const { min, max } = f;
  if (min && text.slice(0, min.length) < min.slice(0, text.length)) return finding('min', { min });
  if (max && text.slice(0, max.length) > max.slice(0, text.length)) return finding('max', { max });
  return undefined;
}

function checkRange(f: Field, json: Json): Finding | undefined {
  const { start, end } = json as { start?: string; end?: string };
  for (const side of [start, end]) {
    const wrong = side ? checkDate(f, side) : undefined;
    if (wrong) return wrong;
  }
  return start && end && start > end ? finding('range') : undefined;
}

function checkText(f: Field, text: string): Finding | undefined {
  if (f.maxLength && Array.from(text).length > f.maxLength) return finding('max_length', { max: f.maxLength });
  const re = f.pattern ? regexp(f.pattern) : undefined;
  return re && !re.test(text) ? finding('pattern') : undefined;
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
