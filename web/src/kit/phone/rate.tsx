import AmRate from 'antd-mobile/es/components/rate';
import type { RateProps } from '../types';

export default function Rate({ value, onChange, count, disabled }: RateProps) {
  return <AmRate value={value} count={count} readOnly={disabled} onChange={onChange} />;
}
