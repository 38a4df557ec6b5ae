import { useT } from '../../texts';
import type { RateProps } from '../types';

/** Stars: a row of radio buttons. A touch on the chosen one takes it away. */
export default function Rate({ value, onChange, count, disabled, id, labelId, required }: RateProps) {
  const t = useT();
  return (
    <div className="fw-rate" role="radiogroup" aria-labelledby={labelId}>
      {Array.from({ length: count }, (_, i) => i + 1).map((n) => (
        <label key={n} data-on={n <= value || undefined}>
          <input
            type="radio"
            id={n === 1 ? id : undefined}
            name={id}
            checked={n === value}
            disabled={disabled}
            onChange={() => onChange(n)}
            onClick={() => n === value && !required && onChange(0)}
          />
          <span className="fw-sr">{t('ui.stars', { n })}</span>
          <svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
            <path
              fill="currentColor"
              d="M12 2.5l2.9 6.2 6.6.8-4.9 4.6 1.3 6.7-5.9-3.3-5.9 3.3 1.3-6.7L2.5 9.5l6.6-.8z"
            />
          </svg>
        </label>
      ))}
    </div>
  );
}
