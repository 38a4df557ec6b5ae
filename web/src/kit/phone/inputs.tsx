import { useLayoutEffect, useRef } from 'react';
import { Spinner } from '../shared/bits';
import { Icon } from '../shared/icons';
import type { ButtonProps, ControlProps, MultiSelectProps, SelectProps, TextAreaProps, TextInputProps } from '../types';
import { toggle } from './select';

/** A button of our own: antd-mobile's would be a tenth of what a first form may weigh. */
export function Button({
  kind = 'default',
  size = 'middle',
  icon,
  name,
  children,
  className,
  block,
  loading,
  disabled,
  type,
  onClick,
}: ButtonProps) {
  return (
    <button
      type={type ?? 'button'}
      aria-label={name}
      aria-busy={loading || undefined}
      disabled={disabled || loading}
      className={`fw-button fw-button-${kind} fw-button-${size} ${block ? 'fw-button-block' : ''} ${className ?? ''}`}
      onClick={onClick}
    >
      {loading ? <Spinner /> : icon}
      {children && <span>{children}</span>}
    </button>
  );
}

export function TextInput(props: TextInputProps) {
  const { value, onChange, prefix, suffix, invalid, describedBy, onEnter, align, autoFocus, label, labelId, ...rest } =
    props;
  return (
    <span className={`fw-input ${rest.disabled ? 'fw-input-disabled' : ''}`}>
      {prefix && <span className="fw-affix">{prefix}</span>}
      <input
        id={rest.id}
        type={rest.type ?? 'text'}
        inputMode={rest.inputMode}
        autoComplete={rest.autoComplete}
        maxLength={rest.maxLength}
        placeholder={rest.placeholder}
        disabled={rest.disabled}
        required={rest.required}
        value={value}
        data-autofocus={autoFocus ? '' : undefined}
        style={align === 'right' ? { textAlign: 'right' } : undefined}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        aria-labelledby={labelId}
        aria-label={labelId ? undefined : label}
        onFocus={rest.onFocus}
        onBlur={rest.onBlur}
        onChange={(e) => onChange(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && !e.nativeEvent.isComposing) onEnter?.();
        }}
      />
      {suffix && <span className="fw-affix">{suffix}</span>}
    </span>
  );
}

export function TextArea({
  value,
  onChange,
  rows = 3,
  invalid,
  describedBy,
  labelId,
  label,
  autoFocus,
  ...rest
}: TextAreaProps) {
  const ref = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const el = ref.current;
    if (!el) return;
    el.style.height = 'auto';
    el.style.height = `${el.scrollHeight + 2}px`;
  }, [value]);
  return (
    <span className="fw-textarea">
      <textarea
        ref={ref}
        id={rest.id}
        rows={rows}
        maxLength={rest.maxLength}
        placeholder={rest.placeholder}
        disabled={rest.disabled}
        required={rest.required}
        value={value}
        data-autofocus={autoFocus ? '' : undefined}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        aria-labelledby={labelId}
        aria-label={labelId ? undefined : label}
        onBlur={rest.onBlur}
        onChange={(e) => onChange(e.target.value)}
      />
      {rest.maxLength && value.length > rest.maxLength * 0.8 && (
        <span className="fw-count">
          {value.length}/{rest.maxLength}
        </span>
      )}
    </span>
  );
}

export function Switch({ value, onChange, disabled, id, labelId, label }: ControlProps<boolean>) {
  return (
    <button
      type="button"
      role="switch"
      id={id}
      className="fw-switch"
      aria-checked={value}
      aria-labelledby={labelId}
      aria-label={labelId ? undefined : label}
      disabled={disabled}
      onClick={() => onChange(!value)}
    >
      <span />
    </button>
  );
}

/** Chips: one of few. */
export function RadioGroup({ choices, value, onChange, ...rest }: SelectProps) {
  return (
    <div
      className="fw-chips"
      role="radiogroup"
      aria-labelledby={rest.labelId}
      aria-describedby={rest.describedBy}
      aria-invalid={rest.invalid || undefined}
    >
      {choices.map((c, i) => (
        <label
          key={c.value}
          className="fw-chip"
          data-on={c.value === value || undefined}
          data-off={rest.disabled || c.disabled || undefined}
        >
          <input
            type="radio"
            id={i === 0 ? rest.id : undefined}
            name={rest.id}
            checked={c.value === value}
            disabled={rest.disabled || c.disabled}
            onChange={() => onChange(c.value)}
            onClick={() => c.value === value && !rest.required && onChange('')}
          />
          {c.value === value && <Icon name="check" size={16} />}
          {c.text}
        </label>
      ))}
    </div>
  );
}

/** Chips: some of few. */
export function CheckboxGroup({ choices, value, onChange, ...rest }: MultiSelectProps) {
  return (
    <div className="fw-chips" role="group" aria-labelledby={rest.labelId} aria-describedby={rest.describedBy}>
      {choices.map((c, i) => (
        <label
          key={c.value}
          className="fw-chip"
          data-on={value.includes(c.value) || undefined}
          data-off={rest.disabled || c.disabled || undefined}
        >
          <input
            type="checkbox"
            id={i === 0 ? rest.id : undefined}
            checked={value.includes(c.value)}
            disabled={rest.disabled || c.disabled}
            onChange={() => onChange(toggle(value, c.value))}
          />
          {value.includes(c.value) && <Icon name="check" size={16} />}
          {c.text}
        </label>
      ))}
    </div>
  );
}
