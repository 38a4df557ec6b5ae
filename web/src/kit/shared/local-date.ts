import type { Precision } from '../types';

const lengths: Record<Precision, number> = { year: 4, month: 7, day: 10, hour: 16, minute: 16, second: 19 };
const two = (n: number) => String(n).padStart(2, '0');

/** "2026-03-01 08:30:00" of the local clock, cut to the precision. */
export function formatLocal(d: Date, precision: Precision): string {
  const day = `${String(d.getFullYear()).padStart(4, '0')}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  const minute = precision === 'hour' ? '00' : two(d.getMinutes());
  return `${day} ${two(d.getHours())}:${minute}:${two(d.getSeconds())}`.slice(0, lengths[precision]);
}

/** The local moment a text names; undefined when it names none. */
export function parseLocal(text: string): Date | undefined {
  const m = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?/.exec(text);
  if (!m) return undefined;
  const d = new Date(+m[1]!, +(m[2] ?? 1) - 1, +(m[3] ?? 1), +(m[4] ?? 0), +(m[5] ?? 0), +(m[6] ?? 0));
  return Number.isNaN(d.getTime()) ? undefined : d;
}
