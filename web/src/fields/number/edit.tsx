import { NumberInput, Rate, Slider } from '../../kit';
import { useT } from '../../texts';
import type { EditProps } from '../context';
import { useFields } from '../context';
import { asText } from '../view';

const signs: Record<string, string> = { CNY: '元', USD: 'USD', EUR: 'EUR' };

/** number, money, percent: exact decimals as text. */
export function NumberEdit({ field, value, onChange, ...rest }: EditProps) {
  const t = useT();
  const { form } = useFields();
  const currency = field.currency || form.currency || 'CNY';
  const unit =
    field.type === 'percent'
      ? '%'
      : (field.unit ?? (field.type === 'money' ? (signs[currency] ?? currency) : undefined));
  return (
    <NumberInput
      {...rest}
      label={field.title}
      placeholder={rest.dense ? '' : field.placeholder || t('form.enter')}
      shift={field.type === 'percent' ? 2 : 0}
      // As the views show it: two places, fewer where the field has fewer, more where the amount needs them.
      scale={field.type === 'money' ? Math.min(2, field.scale ?? 2) : -1}
      unit={rest.dense ? undefined : unit}
      align={rest.dense ? 'right' : 'left'}
      value={asText(value)}
      onChange={(v) => onChange(v || undefined)}
    />
  );
}

/** rating: stars. A second touch of the same star unsets. */
export function RatingEdit({ field, value, onChange, ...rest }: EditProps) {
  return (
    <Rate
      {...rest}
      label={field.title}
      count={field.steps || 5}
      value={Number(asText(value)) || 0}
      onChange={(v) => onChange(v ? String(v) : undefined)}
    />
  );
}

/** slider: whole steps between min and max. These are positions, not amounts, so binary numbers are safe. */
export function SliderEdit({ field, value, onChange, ...rest }: EditProps) {
  const min = Number(field.min ?? 0);
  const step = field.scale && field.scale > 0 ? 10 ** -field.scale : 1;
  return (
    <Slider
      {...rest}
      label={field.title}
      min={min}
      max={Number(field.max ?? 100)}
      step={step}
      value={value === undefined ? min : Number(asText(value))}
      onChange={(v) => onChange(v.toFixed(Math.max(0, field.scale ?? 0)))}
    />
  );
}
