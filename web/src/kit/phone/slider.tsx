import type { SliderProps } from '../types';

/** The browser's own range: touch, keyboard and screen readers come with it. */
export default function Slider({ value, onChange, min, max, step, disabled, id, labelId, label }: SliderProps) {
  return (
    <div className="fw-slider">
      <input
        type="range"
        id={id}
        aria-labelledby={labelId}
        aria-label={labelId ? undefined : label}
        value={value}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        onChange={(e) => onChange(Number(e.target.value))}
      />
      <output>{value}</output>
    </div>
  );
}
