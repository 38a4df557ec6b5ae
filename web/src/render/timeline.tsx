import './timeline.css';
import type { CaseView } from '../core/api';
import { timeline } from '../core/flow';
import { formatTime } from '../core/format';
import { Avatar, Tag } from '../kit';
import { useLang } from '../texts';
import { toneOf } from './tone';
import { useNow } from './use-now';

/** What happened in a case, oldest first, and who is waited for now. */
export function Timeline({ view, zone }: { view: CaseView; zone: string }) {
  const lang = useLang();
  const now = useNow();
  return (
    <ol className="fw-timeline">
      {timeline(view, now, lang).map((x) => (
        <li key={x.key} className="fw-tl-item" data-open={x.open || undefined}>
          <span className="fw-tl-mark">
            <Avatar name={x.who} size={32} />
          </span>
          <div className="fw-tl-body">
            <p className="fw-tl-head">
              <span className="fw-tl-who">{x.who}</span>
              <Tag tone={toneOf(x.label.tone)}>{x.label.text}</Tag>
              {x.to && <span className="fw-muted">→ {x.to}</span>}
            </p>
            <p className="fw-tl-meta">
              {[x.node, x.at && formatTime(x.at, lang, zone), x.took].filter(Boolean).join(' · ')}
            </p>
            {x.comment && <p className="fw-tl-comment">{x.comment}</p>}
            {x.reason && <p className="fw-tl-meta">{x.reason}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}
