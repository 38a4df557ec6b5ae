import './explain.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CompiledForm, Field, Reason, RecordView } from '../../core/api';
import { ErrorState, Icon, Sheet, Skeleton, Tabs, Tag, type Tone } from '../../kit';
import { useLang } from '../../texts';
import { type ActKey, useActT } from '../act/texts';
import { more } from '../more';

/** Operations that everybody may ask about. */
const common = ['view', 'edit', 'delete', 'history', 'comment', 'print', 'export'];

/** Why the user may, or may not, do something with this record or see a field of it. */
export default function ExplainSheet(props: { form: CompiledForm; record: RecordView; onClose(): void }) {
  const a = useActT();
  const [tab, setTab] = useState('op');
  const [open, setOpen] = useState('');
  const { form, record } = props;
  const change = (next: string) => {
    setTab(next);
    setOpen('');
  };
  const toggle = (key: string) => setOpen((o) => (o === key ? '' : key));
  return (
    <Sheet open kind="drawer" title={a('act.explainTitle')} onClose={props.onClose}>
      <Tabs
        items={[
          { key: 'op', title: a('act.explainOp') },
          { key: 'field', title: a('act.explainField') },
        ]}
        active={tab}
        onChange={change}
        label={a('act.explainTitle')}
      >
        <ul className="fw-explain-list">
          {tab === 'op' &&
            opsOf(form, record).map((o) => (
              <Line
                key={o.op}
                title={o.title || a(`act.op_${o.op}` as `act.${ActKey}`)}
                mark={<Verdict yes={o.allowed} />}
                open={open === o.op}
                onToggle={() => toggle(o.op)}
              >
                <Grounds form={form.ref} record={record.id} query={{ op: o.op }} />
              </Line>
            ))}
          {tab === 'field' &&
            fieldsOf(form, record).map((f) => (
              <Line
                key={f.key}
                title={f.title}
                mark={<Tag tone={rightTones[f.right] ?? 'neutral'}>{a(`act.right_${f.right}` as `act.${ActKey}`)}</Tag>}
                open={open === f.key}
                onToggle={() => toggle(f.key)}
              >
                <Grounds form={form.ref} record={record.id} query={{ op: 'view', field: f.key }} />
              </Line>
            ))}
        </ul>
      </Tabs>
    </Sheet>
  );
}

const rightTones: Record<string, Tone> = { write: 'success', read: 'brand', masked: 'warning', hidden: 'neutral' };

function opsOf(form: CompiledForm, record: RecordView) {
  const may = record.rights?.ops ?? [];
  const buttons = (form.buttons ?? []).map((b) => ({ op: `button:${b.key}`, title: b.title }));
  const named = common.map((op) => ({ op, title: '' }));
  return [...named, ...buttons].map((o) => ({ ...o, allowed: o.op === 'view' || may.includes(o.op) }));
}

function fieldsOf(form: CompiledForm, record: RecordView) {
  const rights = record.rights?.fields ?? {};
  const base = record.rights?.default ?? 'read';
  const one = (f: Field, key: string, title: string) => ({ key, title, right: rights[key] ?? f.right ?? base });
  return form.fields
    .filter((f) => !f.hidden)
    .flatMap((f) => [
      one(f, f.key, f.title),
      ...(f.columns ?? []).map((c) => one(c, `${f.key}.${c.key}`, `${f.title} · ${c.title}`)),
    ]);
}

function Verdict({ yes }: { yes: boolean }) {
  const a = useActT();
  return <Tag tone={yes ? 'success' : 'neutral'}>{a(yes ? 'act.explainYes' : 'act.explainNo')}</Tag>;
}

function Line(props: {
  title: string;
  mark: React.ReactNode;
  open: boolean;
  onToggle(): void;
  children: React.ReactNode;
}) {
  return (
    <li>
      <button type="button" className="fw-explain-line" aria-expanded={props.open} onClick={props.onToggle}>
        <span>{props.title}</span>
        {props.mark}
        <Icon name={props.open ? 'up' : 'down'} size={16} />
      </button>
      {props.open && <div className="fw-explain-grounds">{props.children}</div>}
    </li>
  );
}

/** What decided, in words; the first ground decides. */
function Grounds(props: { form: string; record: string; query: { op: string; field?: string } }) {
  const a = useActT();
  const lang = useLang();
  const { form, record, query } = props;
  const e = useQuery({
    queryKey: ['explain', form, record, query, lang],
    queryFn: ({ signal }) => more.explain(form, record, query, { signal }),
  });
  if (e.error) return <ErrorState error={e.error} onRetry={() => void e.refetch()} />;
  if (!e.data) return <Skeleton rows={1} />;
  const said = query.field ? e.data.field : e.data;
  if (!said) return <p className="fw-muted">{a('act.explainNothing')}</p>;
  return (
    <>
      {said.text !== said.reasons[0]?.text && <p>{said.text}</p>}
      <ul>
        {said.reasons.map((r) => (
          <Ground key={`${r.code}-${r.text}`} reason={r} />
        ))}
      </ul>
    </>
  );
}

function Ground({ reason: r }: { reason: Reason }) {
  const a = useActT();
  return (
    <li className="fw-explain-ground" data-yes={r.allowed || undefined}>
      <Icon name={r.allowed ? 'check' : 'close'} size={16} />
      <span className="fw-sr">{a(r.allowed ? 'act.explainYes' : 'act.explainNo')}</span>
      <span>{r.text}</span>
    </li>
  );
}
