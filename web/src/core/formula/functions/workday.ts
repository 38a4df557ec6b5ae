import { int, type Run, refuse } from '../context';
import { Decimal } from '../decimal';
import type { Value } from '../value';
import { weekday } from '../zone';

/** Which weekdays are free, from Monday. */
export type Weekend = boolean[];

/** Reads 1 … 7, 11 … 17, or seven 0/1 from Monday. */
export function weekendOf(v: Value | undefined): Weekend {
  const free = v === undefined ? byNumber(1) : v instanceof Decimal ? byNumber(int(v)) : byText(v);
  if (!free || free.every(Boolean)) throw refuse('weekend');
  return free;
}

function byNumber(k: number): Weekend | undefined {
  const days = [0, 1, 2, 3, 4, 5, 6];
  // 1 = Saturday and Sunday, 2 = Sunday and Monday …; 11 = Sunday, 12 = Monday …
  if (k >= 1 && k <= 7) return days.map((d) => d === (k + 4) % 7 || d === (k + 5) % 7);
  if (k >= 11 && k <= 17) return days.map((d) => d === (k - 5) % 7);
  return undefined;
}

const byText = (v: Value): Weekend | undefined =>
  typeof v === 'string' && /^[01]{7}$/.test(v) ? Array.from(v, (c) => c === '1') : undefined;

const isFree = (day: number, free: Weekend) => free[(weekday(day) + 6) % 7] as boolean;

/** Working days from a to b, both included; a ≤ b. */
export function workdays(a: number, b: number, free: Weekend, off: Set<number | undefined>): number {
  const weeks = Math.floor((b - a + 1) / 7);
  let count = weeks * free.filter((x) => !x).length;
  for (let d = a + weeks * 7; d <= b; d++) if (!isFree(d, free)) count++;
  off.forEach((d) => {
    if (d !== undefined && d >= a && d <= b && !isFree(d, free)) count--;
  });
  return count;
}

/** The n-th working day after (n < 0: before) a day; n = 0: that day. */
export function workday(day: number, n: number, free: Weekend, off: Set<number | undefined>, run: Run): number {
  const step = n < 0 ? -1 : 1;
  for (let left = Math.abs(n); left > 0; ) {
    day += step;
    run.tick();
    if (!isFree(day, free) && !off.has(day)) left--;
  }
  return day;
}
