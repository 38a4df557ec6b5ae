import { DateInput, TimeInput } from '../../kit';
import { useT } from '../../texts';
import { type EditProps, useFields } from '../context';
import { asText } from '../view';
import { toLocal, toWire } from './zoned';

/** date of any precision. */
export function DateEdit({ field, value, onChange, ...rest }: EditProps) {
  const { form } = useFields();
  const precision = field.precision ?? 'day';
  const zone = form.zone ?? 'UTC';
  return (
    <DateInput
      {...rest}
      label={field.title}
      precision={precision}
      min={field.min}
      max={field.max}
      placeholder={field.placeholder}
      value={toLocal(asText(value), precision, zone)}
      onChange={(v) => onChange(toWire(v, precision, zone) || undefined)}
    />
  );
}

interface Range {
  start?: string;
  end?: string;
}

/** daterange: two dates; blank when both are. */
export function DateRangeEdit({ field, value, onChange, ...rest }: EditProps) {
  const t = useT();
  const { form } = useFields();
  const precision = field.precision ?? 'day';
  const zone = form.zone ?? 'UTC';
  const range = (value ?? {}) as Range;
  const set = (side: keyof Range, local: string) => {
    const next: Range = { ...range, [side]: toWire(local, precision, zone) || undefined };
    if (!next.start) delete next.start;
    if (!next.end) delete next.end;
    onChange(next.start || next.end ? next : undefined);
  };
  const side = (key: keyof Range, id: string, name: string) => (
    <DateInput
      {...rest}
      id={id}
      labelId={undefined}
      label={`${field.title} ${name}`}
      placeholder={name}
      precision={precision}
      min={key === 'end' ? (range.start ?? field.min) : field.min}
      max={field.max}
      value={toLocal(range[key] ?? '', precision, zone)}
      onChange={(v) => set(key, v)}
    />
  );
  return (
    <div className="fw-range" role="group" aria-labelledby={rest.labelId}>
      {side('start', rest.id, t('form.startDate'))}
      <span className="fw-muted">{t('form.to')}</span>
      {side('end', `${rest.id}-end`, t('form.endDate'))}
    </div>
  );
}

/** time of day. */
export function TimeEdit({ field, value, onChange, ...rest }: EditProps) {
  return (
    <TimeInput
      {...rest}
      label={field.title}
      seconds={field.display === 'second'}
      value={asText(value)}
      onChange={(v) => onChange(v || undefined)}
    />
  );
}
