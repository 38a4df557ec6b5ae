import AmSlider from 'antd-mobile/es/components/slider';
import type { SliderProps } from '../types';

export default function Slider({ value, onChange, min, max, step, disabled }: SliderProps) {
  return (
    <div className="fw-slider">
      <AmSlider
        value={value}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        onChange={(v) => onChange(Array.isArray(v) ? v[0] : v)}
      />
      <output>{value}</output>
    </div>
  );
}
