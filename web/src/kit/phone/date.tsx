import { lazy, Suspense, useState } from 'react';
import { useT } from '../../texts';
import { Button } from '../context';
import { Spinner } from '../shared/bits';
import { Sheet } from '../shared/sheet';
import type { DateProps, TimeProps } from '../types';
import { Trigger } from './trigger';

const DateWheel = lazy(() => import('./date-wheel'));
const TimeWheel = lazy(() => import('./time-wheel'));

/** A date on wheels in a sheet; the wheels load when they are first opened. */
export function DateInput({ value, onChange, precision, min, max, ...rest }: DateProps) {
  return (
    <WheelInput {...rest} value={value} onChange={onChange}>
      {(draft, setDraft) => <DateWheel value={draft} onChange={setDraft} precision={precision} min={min} max={max} />}
    </WheelInput>
  );
}

/** A time of day on wheels in a sheet. */
export function TimeInput({ value, onChange, seconds, ...rest }: TimeProps) {
  return (
    <WheelInput {...rest} value={value} onChange={onChange}>
      {(draft, setDraft) => <TimeWheel value={draft} onChange={setDraft} seconds={seconds} />}
    </WheelInput>
  );
}

function WheelInput({
  value,
  onChange,
  children,
  ...rest
}: Omit<DateProps, 'precision'> & { children(draft: string, set: (v: string) => void): React.ReactNode }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState('');
  return (
    <>
      <Trigger
        {...rest}
        text={value}
        placeholder={rest.placeholder || t('common.select')}
        open={open}
        onClick={() => {
          setDraft(value);
          setOpen(true);
        }}
        onClear={rest.required ? undefined : () => onChange('')}
      />
      <Sheet
        open={open}
        title={rest.label || t('common.select')}
        onClose={() => setOpen(false)}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
            <Button
              kind="primary"
              onClick={() => {
                onChange(draft);
                setOpen(false);
                rest.onBlur?.();
              }}
            >
              {t('common.ok')}
            </Button>
          </>
        }
      >
        <Suspense
          fallback={
            <div className="fw-wheel-wait">
              <Spinner size={24} />
            </div>
          }
        >
          {children(draft, setDraft)}
        </Suspense>
      </Sheet>
    </>
  );
}
