import type { Deadline } from '../core/flow';
import { Icon } from '../kit';

/** How a deadline stands: a word and a clock, not only a colour. */
export function DeadlineLine({ deadline: d, short }: { deadline: Deadline; short?: boolean }) {
  return (
    <span
      className="fw-deadline"
      data-late={d.late || undefined}
      data-soon={d.soon || undefined}
      title={d.at || undefined}
    >
      <Icon name={d.late ? 'warn' : 'clock'} size={14} />
      <span>
        {d.text}
        {d.at && !short && !d.late && <span className="fw-deadline-at">{d.at}</span>}
      </span>
    </span>
  );
}
