import type { ReactNode } from 'react';
import { useT } from '../../texts';
import { Icon } from '../shared/icons';
import type { ControlProps } from '../types';

/** The line a sheet is opened from: shows the value, says what it opens. */
export function Trigger(
  props: Omit<ControlProps<unknown>, 'value' | 'onChange'> & {
    text: ReactNode;
    open: boolean;
    onClick(): void;
    onClear?(): void;
  },
) {
  const t = useT();
  const { id, labelId, describedBy, invalid, disabled, text, placeholder } = props;
  const empty = text === '' || text === undefined || text === null;
  return (
    <span className="fw-trigger-line">
      <button
        type="button"
        id={id}
        className="fw-trigger"
        disabled={disabled}
        aria-haspopup="dialog"
        aria-expanded={props.open}
        aria-labelledby={labelId ? `${labelId} ${id}-text` : undefined}
        aria-describedby={describedBy}
        data-invalid={invalid || undefined}
        onClick={props.onClick}
      >
        <span id={`${id}-text`} className={empty ? 'fw-placeholder' : 'fw-trigger-text'}>
          {empty ? placeholder || t('common.select') : text}
        </span>
        {!disabled && (empty || !props.onClear) && <Icon name="right" size={16} className="fw-icon fw-cell-arrow" />}
      </button>
      {!empty && !disabled && props.onClear && (
        <button
          type="button"
          className="fw-clear"
          aria-label={`${t('ui.clearValue')} ${props.label ?? ''}`}
          onClick={props.onClear}
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </span>
  );
}
