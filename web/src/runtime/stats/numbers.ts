import type { Lang } from '../../core/i18n';
import { ts } from './texts';

/**
 * Working time in words: minutes, then hours with one place. Never days: a day
 * of working time is not a day of the calendar. "–" for nothing.
 */
export function workTime(minutes: number | null | undefined, lang: Lang): string {
  if (minutes === null || minutes === undefined) return '–';
  if (minutes < 60) return ts('stats.minutes', { n: Math.round(minutes) }, lang);
  return ts('stats.hours', { n: Math.round(minutes / 6) / 10 }, lang);
}

/** "0.1250" → "12.5%". */
export function rate(text: string | number | undefined): string {
  const n = Number(text ?? 0);
  return `${Math.round(n * 1000) / 10}%`;
}

/** The share of a value in the largest, 0–100, for the length of a bar; what is not nothing is seen. */
export function share(value: number | null | undefined, most: number): number {
  if (!value || most <= 0) return 0;
  return Math.max(2, Math.min(100, Math.round((value * 100) / most)));
}

/** The first day of a period of n days that ends today, "2026-11-22" in the zone. */
export function firstDay(days: number, now: number, zone: string): string {
  const day = new Date(now - (days - 1) * 86_400_000);
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(day);
}
