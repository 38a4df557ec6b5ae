import type { Display, Field, FieldOption, FieldType, Json, SummaryLine } from '../api/types';
import { type Lang, t } from '../i18n';
import { formatDate, formatRange } from './date';
import { groupPhone } from './mask';
import { formatMoney, formatNumber, formatPercent } from './number';

/** What the text of a value depends on beside the field. */
export interface DisplayContext {
  display?: Display;
  lang: Lang;
  /** The tenant's time zone. */
  zone?: string;
  /** The form's currency, for a money field that names none. */
  currency?: string;
}

type Show = (value: Json, field: Field, c: DisplayContext) => string;

/** The text of a field's value as people read it; "" for blank. Ids whose title is unknown are shown as they are. */
export function displayValue(
  field: Field,
  value: unknown,
  display: Display | undefined,
  lang: Lang,
  more: Partial<DisplayContext> = {},
): string {
  return show(field, value, { ...more, display, lang });
}

function show(field: Field, value: unknown, c: DisplayContext): string {
  if (value === undefined || value === null || value === '') return '';
  if (Array.isArray(value) && value.length === 0) return '';
  // The server has already made a text of it.
  if (field.right === 'masked' && typeof value === 'string') return value;
  const by = shows[field.type === 'formula' ? (field.resultType ?? 'text') : field.type] ?? plain;
  return by(value as Json, field, c);
}

const plain: Show = (v, f, c) => {
  if (Array.isArray(v))
    return v
      .map((x) => plain(x, f, c))
      .filter(Boolean)
      .join(comma(c));
  if (typeof v === 'boolean') return t(v ? 'common.yes' : 'common.no', {}, c.lang);
  if (v && typeof v === 'object') return JSON.stringify(v);
  return v === null ? '' : String(v);
};

const comma = (c: DisplayContext) => (c.lang === 'en' ? ', ' : '、');

const withUnit = (text: string, f: Field) => (text && f.unit ? `${text} ${f.unit}` : text);

/** Plain numbers are shown without the zeros behind them; only money keeps its decimals. */
const number: Show = (v, f) => withUnit(formatNumber(v), f);

const named =
  (kind: 'users' | 'depts' | 'roles' | 'records'): Show =>
  (v, _f, c) =>
    (Array.isArray(v) ? v : [v]).map((id) => c.display?.[kind]?.[String(id)] ?? String(id)).join(comma(c));

const choice: Show = (v, f, c) =>
  (Array.isArray(v) ? v : [v]).map((x) => optionText(f.options, String(x))).join(comma(c));

/** A path: each level's text within the level above. */
const path: Show = (v, f) => {
  let level = f.options;
  const texts: string[] = [];
  for (const x of Array.isArray(v) ? v : [v]) {
    const o = level?.find((one) => one.value === x);
    texts.push(o?.text ?? String(x));
    level = o?.children;
  }
  return texts.join(' / ');
};

const member = (v: Json, key: string): Json | undefined =>
  v && typeof v === 'object' && !Array.isArray(v) ? v[key] : undefined;

const files: Show = (v, _f, c) =>
  (Array.isArray(v) ? v : [v])
    .map((x) => (typeof x === 'string' ? (c.display?.files?.[x]?.name ?? x) : String(member(x, 'name') ?? '')))
    .join(comma(c));

const shows: Partial<Record<FieldType, Show>> = {
  number,
  rollup: number,
  slider: number,
  rating: (v, f) => `${formatNumber(v)} / ${f.steps || 5}`,
  money: (v, f, c) => withUnit(formatMoney(v, f.currency || c.currency || 'CNY', f.scale ?? -1), f),
  percent: (v) => formatPercent(v),
  date: (v, f, c) => formatDate(String(v), f.precision, c.lang, c.zone),
  daterange: (v, f, c) => formatRange(v as { start?: string; end?: string }, f.precision, c.lang, c.zone),
  member: named('users'),
  department: named('depts'),
  role: named('roles'),
  relation: named('records'),
  reverse: named('records'),
  radio: choice,
  select: choice,
  checkbox: choice,
  multiselect: choice,
  cascade: path,
  region: path,
  phone: (v) => groupPhone(String(v)),
  address: (v, f, c) =>
    [path(member(v, 'region') ?? [], f, c), String(member(v, 'detail') ?? '')].filter(Boolean).join(' '),
  location: (v) => String(member(v, 'address') ?? `${member(v, 'lng')}, ${member(v, 'lat')}`),
  attachment: files,
  image: files,
  signature: files,
  subtable: (v, _f, c) => t('form.rowCount', { n: Array.isArray(v) ? v.length : 0 }, c.lang),
  richtext: (v) =>
    String(v)
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
};

/** The titles of several answers together, e.g. of the pages of a list. */
export function mergedDisplay(all: (Display | undefined)[]): Display {
  const out: Record<string, Record<string, unknown>> = {};
  for (const d of all) {
    for (const [kind, titles] of Object.entries(d ?? {})) out[kind] = { ...out[kind], ...titles };
  }
  return out as Display;
}

/** The text of a fact shown with a task. */
export function displaySummary(line: SummaryLine, c: DisplayContext): string {
  return show({ key: line.field ?? '', title: line.title, type: line.type ?? 'text' }, line.value, c);
}

/** The text of an option's value at any level; the value itself when it is no option (any more). */
export function optionText(options: FieldOption[] | undefined, value: string): string {
  return findOption(options, value)?.text ?? value;
}

/** The option with a value, children included. */
export function findOption(options: FieldOption[] | undefined, value: string): FieldOption | undefined {
  for (const o of options ?? []) {
    if (o.value === value) return o;
    const below = findOption(o.children, value);
    if (below) return below;
  }
  return undefined;
}
