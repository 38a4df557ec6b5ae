import type { DatePrecision } from '../api/types';
import { dayNumber, parseDay, parseInstant, wallOf, weekday } from '../formula/zone';
import { type Lang, t } from '../i18n';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const days = {
  'zh-CN': ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};

const pad = (n: number) => (n < 10 ? `0${n}` : `${n}`);

/** A calendar value of any precision, or an instant shown in `zone`. Text that is no date comes back as it is. */
export function formatDate(
  value: string,
  precision: DatePrecision = 'day',
  lang: Lang = 'zh-CN',
  zone = 'UTC',
): string {
  const ms = parseInstant(value);
  if (ms !== undefined) return formatInstant(ms, precision, lang, zone);
  if (parseDay(value) === undefined) return value;
  const [y, mo, d] = value.split('-');
  return lang === 'en' ? english(y as string, mo, d) : value;
}

function english(y: string, mo?: string, d?: string): string {
  if (!mo) return y;
  const name = months[Number(mo) - 1];
  return d ? `${name} ${Number(d)}, ${y}` : `${name} ${y}`;
}

function formatInstant(ms: number, precision: DatePrecision, lang: Lang, zone: string): string {
  const w = wallOf(ms, zone);
  const date = formatDate(`${`000${w.y}`.slice(-4)}-${pad(w.mo)}-${pad(w.d)}`, 'day', lang);
  if (precision === 'second') return `${date} ${pad(w.h)}:${pad(w.mi)}:${pad(w.s)}`;
  if (precision === 'hour') return `${date} ${pad(w.h)}:00`;
  return `${date} ${pad(w.h)}:${pad(w.mi)}`;
}

/** An RFC 3339 instant with minutes; "" for nothing. */
export function formatTime(iso: string | undefined, lang: Lang = 'zh-CN', zone = 'UTC'): string {
  return iso ? formatDate(iso, 'minute', lang, zone) : '';
}

/** {start, end} as "a ~ b"; an open side is left empty. */
export function formatRange(
  value: { start?: string; end?: string },
  precision: DatePrecision = 'day',
  lang: Lang = 'zh-CN',
  zone = 'UTC',
): string {
  const side = (v?: string) => (v ? formatDate(v, precision, lang, zone) : '');
  return value.start || value.end ? `${side(value.start)} ~ ${side(value.end)}` : '';
}

/** 周三, Wed; "" for what is no date. */
export function formatWeekday(value: string, lang: Lang = 'zh-CN'): string {
  const day = parseDay(value.slice(0, 10));
  return day === undefined ? '' : (days[lang][weekday(day)] as string);
}

/** How long ago or ahead, in words; from a week on the date itself. */
export function relativeTime(iso: string, now: number, lang: Lang = 'zh-CN', zone = 'UTC'): string {
  const at = parseInstant(iso);
  if (at === undefined) return iso;
  const ago = now - at;
  const past = ago >= 0;
  const minutes = Math.floor(Math.abs(ago) / 60_000);
  if (minutes < 1) return t('common.justNow', {}, lang);
  if (minutes < 60) return t(past ? 'common.minutesAgo' : 'common.inMinutes', { n: minutes }, lang);
  const apart = daysApart(at, now, zone);
  if (apart === 0) return t(past ? 'common.hoursAgo' : 'common.inHours', { n: Math.floor(minutes / 60) }, lang);
  if (apart === 1) return t(past ? 'common.yesterday' : 'common.tomorrow', {}, lang);
  if (apart < 7) return t(past ? 'common.daysAgo' : 'common.inDays', { n: apart }, lang);
  return formatInstant(at, 'minute', lang, zone);
}

function daysApart(a: number, b: number, zone: string): number {
  const day = (ms: number) => {
    const w = wallOf(ms, zone);
    return dayNumber(w.y, w.mo, w.d);
  };
  return Math.abs(day(a) - day(b));
}

/** A length of time in words, its two largest units: "1 天 3 小时", "1 day 3 hours". */
export function duration(ms: number, lang: Lang = 'zh-CN'): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return t('common.lessThanMinute', {}, lang);
  const d = Math.floor(minutes / 1440);
  const h = Math.floor(minutes / 60) % 24;
  const m = minutes % 60;
  const parts: string[] = [];
  if (d) parts.push(t('common.days', { n: d }, lang));
  if (h) parts.push(t('common.hours', { n: h }, lang));
  if (m && !d) parts.push(t('common.minutes', { n: m }, lang));
  return parts.join(' ');
}
