import { useEffect } from 'react';
import { useT } from '../../texts';
import { formatLocal, parseLocal } from '../shared/local-date';
import type { DateProps, Precision } from '../types';
import { Wheel } from './wheel';

const units = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
const two = (n: number) => String(n).padStart(2, '0');
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Wheels of year, month, day and below. An unset value starts at now, and counts as chosen. */
export default function DateWheel({
  value,
  onChange,
  precision,
  min,
  max,
}: Pick<DateProps, 'value' | 'onChange' | 'precision' | 'min' | 'max'>) {
  const t = useT();
  useEffect(() => {
    if (!value) onChange(clamp(formatLocal(new Date(), precision), precision, min, max));
  }, [value, onChange, precision, min, max]);
  const d = parseLocal(value) ?? new Date();
  const parts = [d.getFullYear(), d.getMonth() + 1, d.getDate(), d.getHours(), d.getMinutes(), d.getSeconds()];
  const years = range(Number(min?.slice(0, 4) || 1950), Number(max?.slice(0, 4) || 2099));
  const choices = [
    years,
    range(1, 12),
    range(1, daysIn(parts[0] ?? 0, parts[1] ?? 1)),
    range(0, 23),
    range(0, 59),
    range(0, 59),
  ];
  const shown = units.slice(0, units.indexOf(precision) + 1);
  const set = (i: number, v: string) => {
    const next = parts.map((p, k) => (k === i ? Number(v) : p));
    // 31 January → February: the last day there is.
    const day = Math.min(next[2] ?? 1, daysIn(next[0] ?? 0, next[1] ?? 1));
    const moved = new Date(next[0] ?? 0, (next[1] ?? 1) - 1, day, next[3], next[4], next[5]);
    onChange(clamp(formatLocal(moved, precision), precision, min, max));
  };
  return (
    <div className="fw-wheels">
      {shown.map((unit, i) => (
        <Wheel
          key={unit}
          label={t(`ui.${unit}Name`)}
          value={String(parts[i])}
          onChange={(v) => set(i, v)}
          items={(choices[i] ?? []).map((n) => ({
            value: String(n),
            text: i < 3 ? `${two(n)}${t(`ui.${unit as 'day'}`)}` : two(n),
          }))}
        />
      ))}
    </div>
  );
}

const daysIn = (year: number, month: number) => new Date(year, month, 0).getDate();

/** Texts of one precision order as the moments they name. */
function clamp(text: string, precision: Precision, min?: string, max?: string): string {
  const cut = (s: string) => {
    const d = parseLocal(s);
    return d ? formatLocal(d, precision) : '';
  };
  if (min && text < cut(min)) return cut(min);
  if (max && text > cut(max)) return cut(max);
  return text;
}
