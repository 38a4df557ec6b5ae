import './timeline.css';
import type { CaseView, FileInfo } from '../core/api';
import { commentParts, type TimelineItem, tf, timeline, unwritten } from '../core/flow';
import { formatTime } from '../core/format';
import { useFields } from '../fields/context';
import { FieldView } from '../fields/view';
import { Avatar, Icon, Tag } from '../kit';
import { useLang } from '../texts';
import { DeadlineLine } from './deadline';
import { toneOf } from './tone';
import { useNow } from './use-now';

/** What happened in a case, oldest first, and who is waited for now. */
export function Timeline({ view, zone }: { view: CaseView; zone: string }) {
  const lang = useLang();
  const now = useNow();
  return (
    <ol className="fw-timeline">
      {timeline(view, now, lang, zone).map((x) => (
        <Line key={x.key} item={x} zone={zone} />
      ))}
    </ol>
  );
}

function Line({ item: x, zone }: { item: TimelineItem; zone: string }) {
  const lang = useLang();
  return (
    <li className="fw-tl-item" data-open={x.open || undefined}>
      <span className="fw-tl-mark">
        {x.automatic ? (
          <span className="fw-tl-auto">
            <Icon name="flow" size={18} />
          </span>
        ) : (
          <Avatar name={x.name} size={32} />
        )}
      </span>
      <div className="fw-tl-body">
        <p className="fw-tl-head">
          <span className="fw-tl-who">{x.who}</span>
          <Tag tone={toneOf(x.label.tone)}>{x.label.text}</Tag>
          {x.to && <span className="fw-muted">→ {x.to}</span>}
          {x.detail && <span className="fw-muted">{x.detail}</span>}
        </p>
        <p className="fw-tl-meta">
          {[x.node, x.at && formatTime(x.at, lang, zone), x.took].filter(Boolean).join(' · ')}
        </p>
        {x.deadline && <DeadlineLine deadline={x.deadline} />}
        {x.reason && <p className="fw-tl-meta">{x.reason}</p>}
        {x.comment && <CommentText text={x.comment} mention={x.mention} />}
        {x.files.length > 0 && <Files files={x.files} />}
        {x.signature && <Signature file={x.signature} />}
      </div>
    </li>
  );
}

/** A comment with the people it mentions marked. */
export function CommentText({ text, mention }: { text: string; mention: string[] }) {
  const lang = useLang();
  const rest = unwritten(text, mention);
  return (
    <p className="fw-tl-comment">
      {commentParts(text, mention).map((p, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
        <span key={i} className={p.mention ? 'fw-mention' : undefined}>
          {p.text}
        </span>
      ))}
      {rest.length > 0 && (
        <span className="fw-tl-mentioned">
          {tf('flow.mentioned', { names: rest.join(tf('flow.comma', {}, lang)) }, lang)}
        </span>
      )}
    </p>
  );
}

/** The files that came with an opinion. */
export function Files({ files }: { files: FileInfo[] }) {
  const lang = useLang();
  return (
    <div className="fw-tl-files">
      <FieldView field={{ key: 'files', title: tf('flow.files', {}, lang), type: 'attachment' }} value={files} />
    </div>
  );
}

function Signature({ file }: { file: FileInfo }) {
  const lang = useLang();
  const { api } = useFields();
  return (
    <a className="fw-tl-signature" href={api.fileUrl(file.id)} target="_blank" rel="noreferrer">
      <img src={api.fileUrl(file.id)} alt={tf('flow.signature', {}, lang)} loading="lazy" />
    </a>
  );
}
