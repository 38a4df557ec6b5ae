import PickerView from 'antd-mobile/es/components/picker-view';
import { useEffect } from 'react';

const upTo = (n: number) =>
  Array.from({ length: n }, (_, i) => {
    const text = String(i).padStart(2, '0');
    return { label: text, value: text };
  });
const hours = upTo(24);
const sixty = upTo(60);

/** Wheels of hour, minute and perhaps second. */
export default function TimeWheel({
  value,
  onChange,
  seconds,
}: {
  value: string;
  onChange(v: string): void;
  seconds?: boolean;
}) {
  useEffect(() => {
    if (value) return;
    const now = new Date().toTimeString();
    onChange(now.slice(0, seconds ? 8 : 5));
  }, [value, onChange, seconds]);
  return (
    <PickerView
      columns={seconds ? [hours, sixty, sixty] : [hours, sixty]}
      value={value ? value.split(':') : undefined}
      onChange={(parts) => onChange(parts.join(':'))}
    />
  );
}
