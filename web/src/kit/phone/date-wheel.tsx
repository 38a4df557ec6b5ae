import DatePickerView from 'antd-mobile/es/components/date-picker-view';
import { useEffect } from 'react';
import { useT } from '../../texts';
import { formatLocal, parseLocal } from '../shared/local-date';
import type { DateProps } from '../types';

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
    if (!value) onChange(formatLocal(new Date(), precision));
  }, [value, onChange, precision]);
  const label = (type: string, n: number) => {
    const unit = type === 'year' || type === 'month' || type === 'day' ? t(`ui.${type}`) : '';
    return `${String(n).padStart(2, '0')}${unit}`;
  };
  return (
    <DatePickerView
      value={parseLocal(value) ?? new Date()}
      precision={precision}
      min={(min && parseLocal(min)) || new Date(1950, 0, 1)}
      max={(max && parseLocal(max)) || new Date(2099, 11, 31)}
      renderLabel={label}
      onChange={(d) => onChange(formatLocal(d, precision))}
    />
  );
}
