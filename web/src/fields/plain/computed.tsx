import { useT } from '../../texts';
import type { EditProps } from '../context';
import { FieldView } from '../view';

/** serial, formula, rollup, lookup, reverse: shown, never typed. */
export function ComputedEdit({ field, value }: EditProps) {
  const t = useT();
  const blank = value === undefined || value === null || value === '';
  if (blank)
    return <span className="fw-placeholder">{t(field.type === 'serial' ? 'ui.serialHint' : 'ui.computedHint')}</span>;
  return <FieldView field={field} value={value} />;
}
