/**
 * Calendar arithmetic. Days are counted from 1970-01-01 in the proleptic
 * Gregorian calendar; instants are UTC milliseconds. Intl is asked only where
 * an instant meets a zone.
 */

/** A wall-clock moment. */
export interface Wall {
  y: number;
  /** 1–12 */
  mo: number;
  d: number;
  h: number;
  mi: number;
  s: number;
  ms: number;
}

const dayMs = 86_400_000;

/** Day number of a date; month and day may overflow (month 13, day 0) as in Go's time.Date. */
export function dayNumber(y: number, mo: number, d: number): number {
  // Years below 100 mean 19xx to Date.UTC, so go through setUTCFullYear.
  const t = new Date(0);
  t.setUTCFullYear(y, mo - 1, d);
  return Math.floor(t.getTime() / dayMs);
}

/** Year, month, day of a day number. */
export function dateOf(day: number): [number, number, number] {
  const t = new Date(day * dayMs);
  return [t.getUTCFullYear(), t.getUTCMonth() + 1, t.getUTCDate()];
}

/** 0 = Sunday. */
export function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

export function daysInMonth(y: number, mo: number): number {
  return dayNumber(y, mo + 1, 1) - dayNumber(y, mo, 1);
}

const two = (n: number) => (n < 10 ? `0${n}` : `${n}`);
const four = (n: number) => `000${n}`.slice(-4);

/** "2006-01-02". */
export function dayText(day: number): string {
  const [y, mo, d] = dateOf(day);
  return `${four(y)}-${two(mo)}-${two(d)}`;
}

/** Reads "2006", "2006-01" or "2006-01-02" (missing parts are 1); undefined for what is no date. */
export function parseDay(text: string): number | undefined {
  const m = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text);
  if (!m) return undefined;
  const y = Number(m[1]);
  const mo = Number(m[2] ?? 1);
  const d = Number(m[3] ?? 1);
  if (y < 1 || mo < 1 || mo > 12 || d < 1 || d > daysInMonth(y, mo)) return undefined;
  return dayNumber(y, mo, d);
}

/** Reads RFC 3339 into UTC milliseconds; undefined for anything else. */
export function parseInstant(text: string): number | undefined {
  const m = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (!m) return undefined;
  const day = parseDay(m[1] as string);
  const [h, mi, s] = [Number(m[2]), Number(m[3]), Number(m[4])];
  if (day === undefined || h > 23 || mi > 59 || s > 59) return undefined;
  const z = m[6] as string;
  const offset =
    z.length === 1 ? 0 : (z[0] === '-' ? -1 : 1) * (Number(z.slice(1, 3)) * 60 + Number(z.slice(4, 6))) * 60_000;
  const ms = Number(`${m[5] ?? ''}000`.slice(0, 3));
  return day * dayMs + h * 3_600_000 + mi * 60_000 + s * 1000 + ms - offset;
}

/** RFC 3339 in UTC, milliseconds only where there are some: as Go's RFC3339Nano of a millisecond time. */
export function instantText(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/\.(\d*?)0*Z$/, '.$1Z')
    .replace('.Z', 'Z');
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let f = formats.get(zone);
  if (!f) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
    const options: Intl.DateTimeFormatOptions = {
      ...parts,
      second: '2-digit',
      hour12: false,
      timeZone: zone,
      era: 'short',
    };
    f = new Intl.DateTimeFormat('en-US', options);
    formats.set(zone, f);
  }
  return f;
}

/** Offset of a zone at an instant, in milliseconds east of UTC. */
export function offsetAt(ms: number, zone: string): number {
  if (zone === 'UTC' || zone === '') return 0;
  const get: Record<string, number> = {};
  for (const p of format(zone).formatToParts(ms)) get[p.type] = Number(p.value);
  const g = (name: string) => get[name] as number;
  // Old Chromium writes midnight as 24.
  const wall =
    dayNumber(g('year'), g('month'), g('day')) * dayMs +
    (g('hour') % 24) * 3_600_000 +
    g('minute') * 60_000 +
    g('second') * 1000;
  return wall - Math.floor(ms / 1000) * 1000;
}

/** The wall clock of a zone at an instant. */
export function wallOf(ms: number, zone: string): Wall {
  const local = ms + offsetAt(ms, zone);
  const day = Math.floor(local / dayMs);
  const [y, mo, d] = dateOf(day);
  const rest = local - day * dayMs;
  return {
    y,
    mo,
    d,
    h: Math.floor(rest / 3_600_000),
    mi: Math.floor(rest / 60_000) % 60,
    s: Math.floor(rest / 1000) % 60,
    ms: rest % 1000,
  };
}

/**
 * The instant of a wall clock: the earlier one of a repeated hour; a skipped
 * hour moves forward.
 */
export function instantOf(day: number, msOfDay: number, zone: string): number {
  const wall = day * dayMs + msOfDay;
  const before = offsetAt(wall - dayMs, zone);
  const after = offsetAt(wall + dayMs, zone);
  if (offsetAt(wall - before, zone) === before) return wall - before;
  return offsetAt(wall - after, zone) === after ? wall - after : wall - before;
}

/** Day number and milliseconds of the day of an instant in a zone. */
export function localDay(ms: number, zone: string): [number, number] {
  const local = ms + offsetAt(ms, zone);
  const day = Math.floor(local / dayMs);
  return [day, local - day * dayMs];
}
