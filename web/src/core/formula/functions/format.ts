import { refuse } from '../context';
import { Decimal } from '../decimal';
import { type Instant, RunError } from '../value';
import { dateOf, parseDay, type Wall, wallOf } from '../zone';

/** Writes a number by a pattern such as "¥#,##0.00" or "0.0%". */
export function formatNumber(value: Decimal, format: string): string {
  const m = /^([^#0]*)([#0][#0,.]*)([\s\S]*)$/.exec(format);
  if (!m) throw refuse('format');
  const [prefix, core, suffix] = [m[1] as string, m[2] as string, m[3] as string];
  const [whole, fraction = '', extra] = core.split('.') as [string, string?, string?];
  const least = count(fraction, '0');
  const digits = count(whole, '0');
  if (extra !== undefined || least > 20 || digits > 60) throw refuse('format');
  const most = Math.min(20, least + count(fraction, '#'));
  const scaled = /%/.test(prefix + suffix) ? value.mul(Decimal.of(100)) : value;
  if (scaled.over) throw new RunError('limit', 'number');
  const rounded = scaled.round(most).trim();
  const [i, f = ''] = rounded.abs().toString().split('.') as [string, string?];
  const padded = i.padStart(digits, '0');
  const grouped = whole.indexOf(',') >= 0 ? padded.replace(/\B(?=(\d{3})+$)/g, ',') : padded;
  const places = f.padEnd(least, '0');
  const sign = rounded.sign() < 0 ? '-' : '';
  return sign + prefix + grouped + (places ? `.${places}` : '') + suffix;
}

const count = (text: string, c: string) => text.split(c).length - 1;

const pad = (n: number, width: number) => String(n).padStart(width, '0');

const tokens: Record<string, (w: Wall) => string> = {
  yyyy: (w) => pad(w.y, 4),
  YYYY: (w) => pad(w.y, 4),
  yy: (w) => pad(w.y % 100, 2),
  YY: (w) => pad(w.y % 100, 2),
  MM: (w) => pad(w.mo, 2),
  M: (w) => `${w.mo}`,
  dd: (w) => pad(w.d, 2),
  DD: (w) => pad(w.d, 2),
  d: (w) => `${w.d}`,
  D: (w) => `${w.d}`,
  HH: (w) => pad(w.h, 2),
  H: (w) => `${w.h}`,
  hh: (w) => pad(w.h % 12 || 12, 2),
  h: (w) => `${w.h % 12 || 12}`,
  mm: (w) => pad(w.mi, 2),
  m: (w) => `${w.mi}`,
  ss: (w) => pad(w.s, 2),
  s: (w) => `${w.s}`,
  SSS: (w) => pad(w.ms, 3),
  a: (w) => (w.h < 12 ? 'AM' : 'PM'),
  Q: (w) => `${Math.ceil(w.mo / 3)}`,
};

/** Writes a wall clock by a pattern such as "yyyy年M月d日 HH:mm"; text in '…' is copied. */
export function formatWall(w: Wall, format: string): string {
  return format.replace(/''|'((?:[^']|'')*)(?:'|$)|([A-Za-z])\2*/g, (run: string, quoted: string | undefined) => {
    if (run === "''") return "'";
    if (quoted !== undefined) return quoted.replace(/''/g, "'");
    return tokens[run]?.(w) ?? run;
  });
}

/** Writes an instant in a zone. */
export const formatDate = (v: Instant, format: string, zone: string) => formatWall(wallOf(v.ms, zone), format);

/** The wall clock of a Time text on 0001-01-01; undefined for what is none. */
export function wallOfTime(text: string): Wall | undefined {
  const m = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  return m ? { y: 1, mo: 1, d: 1, h: Number(m[1]), mi: Number(m[2]), s: Number(m[3] ?? 0), ms: 0 } : undefined;
}

/** The wall clock of the first moment of a Date text. */
export function wallOfDay(text: string): Wall | undefined {
  const day = parseDay(text);
  if (day === undefined) return undefined;
  const [y, mo, d] = dateOf(day);
  return { y, mo, d, h: 0, mi: 0, s: 0, ms: 0 };
}
