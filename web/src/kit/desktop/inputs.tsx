import type { InputRef } from 'antd';
import {
  Button as AButton,
  Cascader as ACascader,
  Rate as ARate,
  Select as ASelect,
  Slider as ASlider,
  Switch as ASwitch,
  Checkbox,
  DatePicker,
  Input,
  Radio,
  TimePicker,
} from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useEffect, useRef } from 'react';
import { useT } from '../../texts';
import { searchFrom } from '../shared/option-list';
import type {
  ButtonProps,
  ControlProps,
  DateProps,
  MultiSelectProps,
  Precision,
  RateProps,
  SelectProps,
  SliderProps,
  TextAreaProps,
  TextInputProps,
  TimeProps,
} from '../types';

/** What every antd control gets for its name, its errors and its look. */
function aria(p: { labelId?: string; label?: string; describedBy?: string; invalid?: boolean; id?: string }) {
  return {
    id: p.id,
    'aria-labelledby': p.labelId,
    'aria-label': p.labelId ? undefined : p.label,
    'aria-describedby': p.describedBy,
    'aria-invalid': p.invalid || undefined,
    status: p.invalid ? ('error' as const) : undefined,
  };
}

export function Button({ kind = 'default', size = 'middle', icon, name, children, type, ...rest }: ButtonProps) {
  return (
    <AButton
      {...rest}
      aria-label={name}
      htmlType={type}
      icon={icon}
      size={size}
      type={kind === 'primary' ? 'primary' : kind === 'text' ? 'text' : 'default'}
      danger={kind === 'danger'}
      autoInsertSpace={false}
    >
      {children}
    </AButton>
  );
}

export function TextInput(props: TextInputProps) {
  const { onChange, onEnter, align, invalid, describedBy, labelId, label, autoFocus, ...rest } = props;
  const ref = useRef<InputRef>(null);
  useEffect(() => {
    if (autoFocus) ref.current?.focus({ preventScroll: true });
  }, [autoFocus]);
  return (
    <Input
      {...rest}
      {...aria({ id: rest.id, invalid, describedBy, labelId, label })}
      ref={ref}
      style={align === 'right' ? { textAlign: 'right' } : undefined}
      classNames={align === 'right' ? { input: 'fw-align-right' } : undefined}
      onChange={(e) => onChange(e.target.value)}
      onPressEnter={(e) => {
        if (!e.nativeEvent.isComposing) onEnter?.();
      }}
    />
  );
}

export function TextArea({
  onChange,
  rows = 3,
  invalid,
  describedBy,
  labelId,
  label,
  autoFocus,
  ...rest
}: TextAreaProps) {
  return (
    <Input.TextArea
      {...rest}
      {...aria({ id: rest.id, invalid, describedBy, labelId, label })}
      autoSize={{ minRows: rows, maxRows: 16 }}
      data-autofocus={autoFocus ? '' : undefined}
      showCount={rest.maxLength ? rest.value.length > rest.maxLength * 0.8 : false}
      onChange={(e) => onChange(e.target.value)}
    />
  );
}

const toOptions = (choices: SelectProps['choices']) =>
  choices.map((c) => ({ value: c.value, label: c.text, disabled: c.disabled }));

export function Select({ choices, value, onChange, ...rest }: SelectProps) {
  const t = useT();
  return (
    <ASelect
      {...aria(rest)}
      className="fw-full"
      value={value || undefined}
      disabled={rest.disabled}
      placeholder={rest.placeholder || t('common.select')}
      allowClear={!rest.required}
      showSearch={choices.length >= searchFrom ? { optionFilterProp: 'label' } : false}
      options={toOptions(choices)}
      onChange={(v) => onChange(v ?? '')}
      onBlur={rest.onBlur}
    />
  );
}

export function MultiSelect({ choices, value, onChange, ...rest }: MultiSelectProps) {
  const t = useT();
  return (
    <ASelect
      {...aria(rest)}
      mode="multiple"
      className="fw-full"
      value={value}
      disabled={rest.disabled}
      placeholder={rest.placeholder || t('common.select')}
      allowClear
      optionFilterProp="label"
      options={toOptions(choices)}
      onChange={(v: string[]) => onChange(choices.filter((c) => v.includes(c.value)).map((c) => c.value))}
      onBlur={rest.onBlur}
    />
  );
}

export function RadioGroup({ choices, value, onChange, ...rest }: SelectProps) {
  return (
    <Radio.Group
      aria-labelledby={rest.labelId}
      aria-describedby={rest.describedBy}
      aria-invalid={rest.invalid || undefined}
      id={rest.id}
      name={rest.id}
      className="fw-wrap"
      value={value}
      disabled={rest.disabled}
      options={toOptions(choices)}
      onChange={(e) => onChange(e.target.value)}
    />
  );
}

export function CheckboxGroup({ choices, value, onChange, ...rest }: MultiSelectProps) {
  return (
    <div role="group" aria-labelledby={rest.labelId} aria-describedby={rest.describedBy} id={rest.id} tabIndex={-1}>
      <Checkbox.Group
        className="fw-wrap"
        value={value}
        disabled={rest.disabled}
        options={toOptions(choices)}
        onChange={(v) => onChange(choices.filter((c) => v.includes(c.value)).map((c) => c.value))}
      />
    </div>
  );
}

export function Cascade({ choices, value, onChange, ...rest }: MultiSelectProps) {
  const t = useT();
  return (
    <ACascader
      {...aria(rest)}
      className="fw-full"
      value={value}
      disabled={rest.disabled}
      placeholder={rest.placeholder || t('common.select')}
      options={choices}
      fieldNames={{ label: 'text', value: 'value', children: 'children' }}
      showSearch
      onChange={(v) => onChange((v as string[] | undefined) ?? [])}
    />
  );
}

export function Switch({ value, onChange, disabled, id, labelId, label }: ControlProps<boolean>) {
  return (
    <ASwitch
      id={id}
      checked={value}
      disabled={disabled}
      aria-labelledby={labelId}
      aria-label={labelId ? undefined : label}
      onChange={(v) => onChange(v)}
    />
  );
}

const formats: Record<Precision, string> = {
  year: 'YYYY',
  month: 'YYYY-MM',
  day: 'YYYY-MM-DD',
  hour: 'YYYY-MM-DD HH:00',
  minute: 'YYYY-MM-DD HH:mm',
  second: 'YYYY-MM-DD HH:mm:ss',
};

export function DateInput({ value, onChange, precision, min, max, ...rest }: DateProps) {
  const t = useT();
  const timed = precision === 'hour' || precision === 'minute' || precision === 'second';
  const format = formats[precision];
  return (
    <DatePicker
      {...aria(rest)}
      className="fw-full"
      picker={precision === 'year' || precision === 'month' ? precision : 'date'}
      showTime={timed ? { format: format.slice(11) } : false}
      format={format}
      value={value ? dayjs(value.length === 4 ? `${value}-01-01` : value) : null}
      minDate={min ? dayjs(min) : undefined}
      maxDate={max ? dayjs(max) : undefined}
      disabled={rest.disabled}
      placeholder={rest.placeholder || t('form.selectDate')}
      onChange={(d: Dayjs | Dayjs[] | null) => onChange(d && !Array.isArray(d) ? d.format(format) : '')}
      onBlur={() => rest.onBlur?.()}
    />
  );
}

export function TimeInput({ value, onChange, seconds, ...rest }: TimeProps) {
  const t = useT();
  const format = seconds ? 'HH:mm:ss' : 'HH:mm';
  return (
    <TimePicker
      {...aria(rest)}
      className="fw-full"
      format={format}
      value={value ? dayjs(`2000-01-01 ${value}`) : null}
      disabled={rest.disabled}
      placeholder={rest.placeholder || t('form.selectTime')}
      onChange={(d: Dayjs | Dayjs[] | null) => onChange(d && !Array.isArray(d) ? d.format(format) : '')}
      onBlur={() => rest.onBlur?.()}
    />
  );
}

export function Rate({ value, onChange, count, disabled }: RateProps) {
  return <ARate value={value} count={count} disabled={disabled} onChange={onChange} />;
}

export function Slider({ value, onChange, min, max, step, disabled, label }: SliderProps) {
  return (
    <div className="fw-slider">
      <ASlider
        className="fw-full"
        value={value}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        ariaLabelForHandle={label}
        onChange={onChange}
      />
      <output>{value}</output>
    </div>
  );
}
