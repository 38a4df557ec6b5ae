import { type ReactNode, useState } from 'react';
import { TextInput } from '../context';
import type { ControlProps } from '../types';
import { cleanNumber, groupNumber, shiftPoint, wireNumber } from './decimal-text';

export interface NumberInputProps extends ControlProps<string> {
  /** Decimals to fill up to when the focus leaves; -1 = as typed. */
  scale?: number;
  /** Shown value = value × 10^shift: 2 for percent. */
  shift?: number;
  /** No thousands separators: years, codes. */
  plain?: boolean;
  unit?: ReactNode;
  align?: 'left' | 'right';
}

/** An exact decimal: the value is wire text, "" = unset. Separators show when the focus is elsewhere. */
export function NumberInput({
  value,
  onChange,
  scale = -1,
  shift = 0,
  plain,
  unit,
  onBlur,
  ...rest
}: NumberInputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = value === '' || !shift ? value : shiftPoint(value, shift);
  const change = (text: string) => {
    const clean = cleanNumber(text);
    setTyped(clean);
    const wire = wireNumber(clean);
    onChange(wire === '' || !shift ? wire : shiftPoint(wire, -shift));
  };
  return (
    <TextInput
      {...rest}
      value={typed ?? (plain ? shown : groupNumber(shown, scale))}
      inputMode="decimal"
      autoComplete="off"
      suffix={unit}
      onChange={change}
      onFocus={() => setTyped(scale < 0 ? shown : groupNumber(shown, 0).replaceAll(',', ''))}
      onBlur={() => {
        setTyped(null);
        onBlur?.();
      }}
    />
  );
}
