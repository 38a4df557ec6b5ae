import { caseLabel } from '../core/flow';
import { Tag } from '../kit';
import { toneOf } from './tone';

/** The state of a case in words and colour. */
export function CaseTag({ state }: { state: string }) {
  const label = caseLabel(state);
  return <Tag tone={toneOf(label.tone)}>{label.text}</Tag>;
}
