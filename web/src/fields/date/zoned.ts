import type { DatePrecision } from '../../core/api';
import { instantOf, instantText, parseDay, parseInstant, wallOf } from '../../core/formula/zone';

const two = (n: number) => String(n).padStart(2, '0');

/** Whether values of the precision are moments (RFC 3339) and not calendar days. */
export const isTimed = (p: DatePrecision): boolean => p === 'hour' || p === 'minute' || p === 'second';

/** A wire value as the wall clock of the zone shows it: "2026-03-01 08:30:00", cut by the control. */
export function toLocal(wire: string, precision: DatePrecision, zone: string): string {
  if (!isTimed(precision)) return wire;
  const ms = parseInstant(wire);
  if (ms === undefined) return wire;
  const w = wallOf(ms, zone);
  const text = `${String(w.y).padStart(4, '0')}-${two(w.mo)}-${two(w.d)} ${two(w.h)}:${two(w.mi)}`;
  return precision === 'second' ? `${text}:${two(w.s)}` : text;
}

/** The wire value of a wall clock text; "" when it names no moment. */
export function toWire(local: string, precision: DatePrecision, zone: string): string {
  if (!local || !isTimed(precision)) return local;
  const day = parseDay(local.slice(0, 10));
  if (day === undefined) return '';
  const [h = '0', m = '0', s = '0'] = local.slice(11).split(':');
  return instantText(instantOf(day, ((+h * 60 + +m) * 60 + +s) * 1000, zone));
}
