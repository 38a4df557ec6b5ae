import { TextArea, TextInput, useMode } from '../../kit';
import type { TextInputProps } from '../../kit/types';
import { useT } from '../../texts';
import type { EditProps } from '../context';
import { asText } from '../view';

const kinds: Record<string, Pick<TextInputProps, 'type' | 'inputMode' | 'autoComplete'>> = {
  phone: { type: 'tel', inputMode: 'tel', autoComplete: 'off' },
  email: { type: 'email', inputMode: 'email', autoComplete: 'off' },
  url: { type: 'url', inputMode: 'url', autoComplete: 'off' },
};

/** text, phone, email, url, idcard, barcode: one line. */
export function TextEdit({ field, value, onChange, ...rest }: EditProps) {
  const t = useT();
  return (
    <TextInput
      {...rest}
      {...kinds[field.type]}
      label={field.title}
      placeholder={rest.dense ? '' : field.placeholder || t('form.enter')}
      maxLength={field.maxLength || undefined}
      suffix={field.unit}
      value={asText(value)}
      onChange={(v) => onChange(v || undefined)}
    />
  );
}

/** textarea and richtext (as plain text): several lines. */
export function TextAreaEdit({ field, value, onChange, ...rest }: EditProps) {
  const t = useT();
  const mode = useMode();
  if (rest.dense) return <TextEdit field={field} value={value} onChange={onChange} {...rest} />;
  return (
    <TextArea
      {...rest}
      label={field.title}
      placeholder={field.placeholder || t('form.enter')}
      rows={mode === 'phone' ? 2 : 3}
      maxLength={field.maxLength || undefined}
      value={asText(value)}
      onChange={(v) => onChange(v || undefined)}
    />
  );
}
