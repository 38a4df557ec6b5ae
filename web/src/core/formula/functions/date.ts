import { type Fn, int, list, num, type Run, refuse, row, strict, text } from '../context';
import { Decimal } from '../decimal';
import { Instant, isBlank, RunError, type Value } from '../value';
import {
  dateOf,
  dayNumber,
  daysInMonth,
  dayText,
  instantOf,
  localDay,
  parseDay,
  type Wall,
  wallOf,
  weekday,
} from '../zone';
import { formatWall, wallOfDay, wallOfTime } from './format';
import { weekendOf, workday, workdays } from './workday';

const n = (x: number) => Decimal.of(x);
const dayMs = 86_400_000;
const firstDay = dayNumber(1, 1, 1);
const lastDay = dayNumber(9999, 12, 31);

const inYears = (day: number) => day >= firstDay && day <= lastDay;

/** Date text of a day; blank outside the years 1 to 9999. */
const dayValue = (day: number): Value => (inYears(day) ? dayText(day) : null);

const instant = (ms: number): Value => (inYears(Math.floor(ms / dayMs)) ? new Instant(ms) : null);

/** The local day of a date or instant; undefined for text that is no date. */
export function dayOf(run: Run, v: Value | undefined): number | undefined {
  if (v instanceof Instant) return localDay(v.ms, run.zone)[0];
  if (typeof v === 'string') return parseDay(v);
  throw new RunError('type', 'date');
}

/** A function of one day; text that is no date gives blank. */
const ofDay = (f: (day: number, run: Run, ...more: (Value | undefined)[]) => Value): Fn =>
  strict(1, (run, v, ...more) => {
    const day = dayOf(run, v);
    return day === undefined ? null : f(day, run, ...more);
  });

function wall(run: Run, v: Value | undefined): Wall | undefined {
  if (v instanceof Instant) return wallOf(v.ms, run.zone);
  return wallOfDay(text(v)) ?? wallOfTime(text(v));
}

const part = (name: keyof Wall): Fn =>
  strict(1, (run, v) => {
    const timely = name === 'h' || name === 'mi' || name === 's';
    const w = timely || v instanceof Instant ? wall(run, v) : wallOfDay(text(v));
    return w ? n(w[name]) : null;
  });

/** The first moment of a date, or the instant itself, in milliseconds. */
function momentOf(run: Run, v: Value | undefined): number | undefined {
  if (v instanceof Instant) return v.ms;
  const day = dayOf(run, v);
  return day === undefined ? undefined : instantOf(day, 0, run.zone);
}

const units: Record<string, string> = {
  year: 'year',
  y: 'year',
  年: 'year',
  quarter: 'quarter',
  q: 'quarter',
  季: 'quarter',
  季度: 'quarter',
  month: 'month',
  m: 'month',
  月: 'month',
  week: 'week',
  w: 'week',
  周: 'week',
  day: 'day',
  d: 'day',
  日: 'day',
  天: 'day',
  hour: 'hour',
  h: 'hour',
  时: 'hour',
  小时: 'hour',
  minute: 'minute',
  min: 'minute',
  分: 'minute',
  分钟: 'minute',
  second: 'second',
  s: 'second',
  秒: 'second',
};

const lengths: Record<string, number> = { hour: 3_600_000, minute: 60_000, second: 1000 };
const monthsOf: Record<string, number> = { year: 12, quarter: 3, month: 1 };

function unitOf(v: Value | undefined, missing = 'day'): string {
  const given = text(v, missing).toLowerCase();
  const found = units[given] ?? (/^[a-z]{2,}s$/.test(given) ? units[given.slice(0, -1)] : undefined);
  if (!found) throw refuse('unit');
  return found;
}

/** Months later, on the same day or the last one of the month. */
export function addMonths(day: number, months: number): number {
  const [y, mo, d] = dateOf(day);
  const total = y * 12 + mo - 1 + months;
  const [year, month] = [Math.floor(total / 12), (((total % 12) + 12) % 12) + 1];
  if (year < 1 || year > 9999) return lastDay + 1;
  return dayNumber(year, month, Math.min(d, daysInMonth(year, month)));
}

function addDays(day: number, unit: string, k: number): number {
  if (Math.abs(k) > 1e8) return lastDay + 1;
  return monthsOf[unit] ? addMonths(day, k * (monthsOf[unit] as number)) : day + k * (unit === 'week' ? 7 : 1);
}

function add(run: Run, v: Value | undefined, unit: string, k: number): Value {
  const ms = lengths[unit];
  if (v instanceof Instant) {
    if (ms) return Math.abs(k * ms) > 1e15 ? null : instant(v.ms + k * ms);
    const [day, rest] = localDay(v.ms, run.zone);
    const to = addDays(day, unit, k);
    return inYears(to) ? new Instant(instantOf(to, rest, run.zone)) : null;
  }
  const day = dayOf(run, v);
  if (day === undefined) return null;
  const to = ms ? day + Math.floor((k * ms) / dayMs) : addDays(day, unit, k);
  return inYears(to) ? dayText(to).slice(0, (v as string).length) : null;
}

const written = [
  /^(\d{4})(\d\d)(\d\d)(?=$|[ T])/,
  /^(\d{4})[-/.](\d{1,2})(?=$|[ T])/,
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?=$|[ T])/,
  /^(\d{4})年(\d{1,2})月(?:(\d{1,2})日?号?)?(?=$|[ T])/,
];

/** Reads a day people wrote; undefined when it is none. */
export function readDay(t: string): number | undefined {
  for (const re of written) {
    const m = re.exec(t.trim());
    if (!m) continue;
    const [mo, d] = m.length > 4 ? [m[3], m[4]] : [m[2], m[3]];
    return parseDay(`${m[1]}-${(mo as string).padStart(2, '0')}-${(d ?? '1').padStart(2, '0')}`);
  }
  return undefined;
}

const date: Fn = (run, args) => {
  const [v, mo, d] = args;
  if (isBlank(v)) return null;
  if (!isBlank(mo) || !isBlank(d)) return dateOfParts(int(v), isBlank(mo) ? 1 : int(mo), isBlank(d) ? 1 : int(d));
  if (v instanceof Decimal) {
    const ms = Math.trunc(v.toNumber());
    return Math.abs(ms) > 3e14 ? null : dayValue(localDay(ms, run.zone)[0]);
  }
  const day = dayOf(run, v) ?? readDay(text(v));
  return day === undefined ? null : dayValue(day);
};

function dateOfParts(y: number, mo: number, d: number): Value {
  if (y < 0 || y > 9999 || Math.abs(mo) > 120_000 || Math.abs(d) > 4_000_000) return null;
  return dayValue(dayNumber(y, mo, d));
}

const datetime = ofDay((day, run, at) => {
  const w = wallOfTime(text(at, '00:00'));
  if (!w) return null;
  return new Instant(instantOf(day, (w.h * 3600 + w.mi * 60 + w.s) * 1000, run.zone));
});

const time = strict(3, (_r, h, m, s) => {
  const total = int(h) * 3600 + int(m) * 60 + int(s);
  const t = ((total % 86400) + 86400) % 86400;
  const two = (x: number) => String(x).padStart(2, '0');
  return `${two(Math.floor(t / 3600))}:${two(Math.floor(t / 60) % 60)}:${two(t % 60)}`;
});

/** Complete months between two days, start ≤ end. */
function fullMonths(start: number, end: number): number {
  const [y1, m1, d1] = dateOf(start);
  const [y2, m2, d2] = dateOf(end);
  return 12 * (y2 - y1) + m2 - m1 - (d2 < d1 ? 1 : 0);
}

function difBy(unit: string, start: number, end: number): number {
  const months = fullMonths(start, end);
  const years = Math.floor(months / 12);
  switch (unit) {
    case 'D':
      return end - start;
    case 'M':
      return months;
    case 'Y':
      return years;
    case 'YM':
      return months % 12;
    case 'MD':
      return end - addMonths(start, months);
    default:
      return end - addMonths(start, 12 * years);
  }
}

const datedif = strict(2, (run, a, b, unit) => {
  const start = dayOf(run, a);
  const end = dayOf(run, b);
  if (start === undefined || end === undefined || end < start) return null;
  const u = text(unit, 'D').toUpperCase();
  if (!/^(Y|M|D|MD|YM|YD)$/.test(u)) throw refuse('unit');
  return n(difBy(u, start, end));
});

/** Complete units between two days, a ≤ b. */
function daysBy(unit: string, a: number, b: number): number {
  if (unit === 'day') return b - a;
  if (unit === 'week') return Math.floor((b - a) / 7);
  return Math.floor(fullMonths(a, b) / (monthsOf[unit] as number));
}

/** A day, or the instant within it. */
type Moment = [day: number, instant?: number];

const momentAt = (run: Run, v: Value | undefined): Moment | undefined => {
  const day = dayOf(run, v);
  return day === undefined ? undefined : [day, v instanceof Instant ? v.ms : undefined];
};

function between(run: Run, [x, a]: Moment, [y, b]: Moment, unit: string): Value {
  const ms = lengths[unit];
  if (!ms) return n(x <= y ? daysBy(unit, x, y) : -daysBy(unit, y, x) || 0);
  // Two calendar days have no zone: a day has 24 hours.
  const plain = a === undefined && b === undefined;
  const at = (day: number, instant?: number) => instant ?? instantOf(day, 0, run.zone);
  return n(Math.trunc((plain ? (y - x) * dayMs : at(y, b) - at(x, a)) / ms) || 0);
}

function diff(run: Run, a: Value | undefined, b: Value | undefined, unit: (v?: Value) => string, name?: Value): Value {
  const [x, y] = [momentAt(run, a), momentAt(run, b)];
  return x && y ? between(run, x, y, unit(name)) : null;
}

const dateif = strict(2, (run, a, b, mode, unit) => {
  const [x, y] = [dayOf(run, a), dayOf(run, b)];
  if (x === undefined || y === undefined) return null;
  const m = int(mode, 1);
  if (m !== 1 && m !== 2) throw refuse('DATEIF');
  const u = unitOf(unit);
  return between(run, [x], [y + m - 1], u);
});

function days360(start: number, end: number, european: boolean): number {
  const [y1, m1, day1] = dateOf(start);
  const [y2, m2, day2] = dateOf(end);
  let [d1, d2] = [day1, day2];
  if (european) {
    d1 = Math.min(d1, 30);
    d2 = Math.min(d2, 30);
  } else {
    const lastOfFebruary = (y: number, m: number, d: number) => m === 2 && d === daysInMonth(y, m);
    if (lastOfFebruary(y1, m1, day1)) {
      if (lastOfFebruary(y2, m2, day2)) d2 = 30;
      d1 = 30;
    }
    if (d2 === 31 && d1 >= 30) d2 = 30;
    if (d1 === 31) d1 = 30;
  }
  return 360 * (y2 - y1) + 30 * (m2 - m1) + d2 - d1;
}

const interval = (extra: number): Fn =>
  strict(1, (run, r) => {
    const [a, b] = [row(r).get('start'), row(r).get('end')];
    if (isBlank(a) || isBlank(b)) return null;
    const [x, y] = [dayOf(run, a), dayOf(run, b)];
    return x === undefined || y === undefined ? null : n(y - x + extra);
  });

const compareTimes = strict(2, (run, a, b) => {
  const isTime = (v: Value | undefined) => typeof v === 'string' && !!wallOfTime(v);
  const [x, y] = isTime(a) || isTime(b) ? [wallMs(run, a), wallMs(run, b)] : [momentOf(run, a), momentOf(run, b)];
  return x === undefined || y === undefined ? null : n(Math.sign(x - y));
});

function wallMs(run: Run, v: Value | undefined): number | undefined {
  const w = wall(run, v);
  return w && dayNumber(w.y, w.mo, w.d) * dayMs + ((w.h * 60 + w.mi) * 60 + w.s) * 1000 + w.ms;
}

const dateFormat = strict(1, (run, v, format) => {
  const w = wall(run, v);
  return w ? formatWall(w, text(format, 'yyyy-MM-dd')) : null;
});

const month = (months: number, last: boolean): Fn =>
  ofDay((day, _r, more) => {
    const [y, mo] = dateOf(addMonths(day, months || (last ? int(more) : 0)));
    return dayValue(last ? dayNumber(y, mo + 1, 0) : dayNumber(y, mo, 1));
  });

const dayOfYear = (day: number) => day - dayNumber(dateOf(day)[0], 1, 1);

/** Days since Monday. */
const sinceMonday = (day: number) => (weekday(day) + 6) % 7;

function isoWeek(day: number): number {
  const thursday = day - sinceMonday(day) + 3;
  return Math.floor(dayOfYear(thursday) / 7) + 1;
}

const weekdayNumber = ofDay((day, _r, type) => {
  const by = [weekday(day) + 1, sinceMonday(day) + 1, sinceMonday(day)][int(type, 1) - 1];
  if (by === undefined) throw refuse('WEEKDAY');
  return n(by);
});

const weekNumber = ofDay((day, _r, type) => {
  const kind = int(type, 1);
  if (kind !== 1 && kind !== 2) throw refuse('WEEKNUM');
  const first = day - dayOfYear(day);
  return n(Math.floor((dayOfYear(day) + (kind === 1 ? weekday(first) : sinceMonday(first))) / 7) + 1);
});

const quarter = ofDay((day, _r, start) => {
  const first = int(start, 1);
  if (first < 1 || first > 12) throw refuse('QUARTER');
  return n(Math.floor(((dateOf(day)[1] - first + 12) % 12) / 3) + 1);
});

const freeDays = (run: Run, v: Value | undefined) =>
  new Set(list(v).map((x) => (isBlank(x) ? undefined : dayOf(run, x))));

const networkDays = strict(2, (run, a, b, weekend, holidays) => {
  const [x, y] = [dayOf(run, a), dayOf(run, b)];
  if (x === undefined || y === undefined) return null;
  const free = weekendOf(weekend);
  run.tick(Math.abs(y - x));
  const off = freeDays(run, holidays);
  return n(x <= y ? workdays(x, y, free, off) : -workdays(y, x, free, off) || 0);
});

const workDay = strict(2, (run, d, k, weekend, holidays) => {
  const day = dayOf(run, d);
  if (day === undefined) return null;
  const free = weekendOf(weekend);
  const count = int(k);
  if (Math.abs(count) > 10_000) throw refuse('WORKDAY');
  return dayValue(workday(day, count, free, freeDays(run, holidays), run));
});

const now: Fn = (run) => new Instant(run.context.now);

export const dateFunctions: Record<string, Fn> = {
  NOW: now,
  SYSTIME: now,
  TODAY: (run) => dayText(localDay(run.context.now, run.zone)[0]),
  DATE: date,
  STRINGTODATE: strict(1, (_r, t) => {
    const day = readDay(text(t));
    return day === undefined ? null : dayValue(day);
  }),
  DATETIME: datetime,
  TIME: time,
  TIMESTAMP: strict(1, (run, v) => {
    const ms = momentOf(run, v);
    return ms === undefined ? null : n(ms);
  }),
  FROMUNIXTIME: strict(1, (_r, v) => {
    const ms = Math.trunc(num(v).mul(n(1000)).toNumber());
    return ms > 3e14 || ms < -7e13 ? null : instant(ms);
  }),
  YEAR: part('y'),
  MONTH: part('mo'),
  DAY: part('d'),
  HOUR: part('h'),
  MINUTE: part('mi'),
  SECOND: part('s'),
  QUARTER: quarter,
  WEEKDAY: weekdayNumber,
  WEEKNUM: weekNumber,
  ISOWEEKNUM: ofDay((day) => n(isoWeek(day))),
  DATEADD: strict(3, (run, d, unit, k) => (dayOf(run, d) === undefined ? null : add(run, d, unitOf(unit), int(k)))),
  DATEDELTA: strict(2, (run, d, k) => add(run, d, 'day', int(k))),
  EDATE: strict(2, (run, d, k) => add(run, d, 'month', int(k))),
  EOMONTH: month(0, true),
  MONTHBEGIN: month(0, false),
  MONTHEND: ofDay((day) => {
    const [y, mo] = dateOf(day);
    return dayText(dayNumber(y, mo + 1, 0));
  }),
  YEARBEGIN: ofDay((day) => dayText(dayNumber(dateOf(day)[0], 1, 1))),
  YEAREND: ofDay((day) => dayText(dayNumber(dateOf(day)[0], 12, 31))),
  WEEKBEGIN: ofDay((day) => dayValue(day - sinceMonday(day))),
  WEEKEND: ofDay((day) => dayValue(day - sinceMonday(day) + 6)),
  DAYBEGIN: ofDay((day, run) => new Instant(instantOf(day, 0, run.zone))),
  DAYEND: ofDay((day, run) => new Instant(instantOf(day, dayMs - 1, run.zone))),
  DAYSINMONTH: ofDay((day) => n(daysInMonth(dateOf(day)[0], dateOf(day)[1]))),
  DAYS: strict(2, (run, end, start) => diff(run, start, end, () => 'day')),
  DAYS360: strict(2, (run, a, b, european) => {
    const [x, y] = [dayOf(run, a), dayOf(run, b)];
    return x === undefined || y === undefined ? null : n(days360(x, y, european === true));
  }),
  DATEDIF: datedif,
  DATEDIFF: strict(2, (run, a, b, unit) => diff(run, a, b, unitOf, unit)),
  DATEIF: dateif,
  CASCADEDATEINTERVAL: interval(0),
  CASCADEDATEINTERVALV2: interval(1),
  DATEFORMAT: dateFormat,
  NETWORKDAYS_INTL: networkDays,
  WORKDAY_INTL: workDay,
  TIMECOMPARE: compareTimes,
};
