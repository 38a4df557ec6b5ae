import { useEffect } from 'react';
import { useT } from '../../texts';
import { Wheel } from './wheel';

const units = ['hour', 'minute', 'second'] as const;
const upTo = (n: number) =>
  Array.from({ length: n }, (_, i) => {
    const text = String(i).padStart(2, '0');
    return { value: text, text };
  });
const choices = [upTo(24), upTo(60), upTo(60)];

/** Wheels of hour, minute and perhaps second. An unset value starts at now. */
export default function TimeWheel({
  value,
  onChange,
  seconds,
}: {
  value: string;
  onChange(v: string): void;
  seconds?: boolean;
}) {
  const t = useT();
  const length = seconds ? 8 : 5;
  useEffect(() => {
    if (!value) onChange(new Date().toTimeString().slice(0, length));
  }, [value, onChange, length]);
  const parts = (value || '00:00:00').split(':');
  return (
    <div className="fw-wheels">
      {units.slice(0, seconds ? 3 : 2).map((unit, i) => (
        <Wheel
          key={unit}
          label={t(`ui.${unit}Name`)}
          items={choices[i] ?? []}
          value={parts[i] ?? '00'}
          onChange={(v) => onChange(parts.map((p, k) => (k === i ? v : p)).join(':'))}
        />
      ))}
    </div>
  );
}
