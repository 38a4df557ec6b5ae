import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { MenuItem } from '../../core/api';
import type { AccessMatrix, Reason } from '../../core/api/explain';
import { Button, Cell, Empty, ErrorState, RemoteSelect, Select, Sheet, Skeleton, Tag, TextInput } from '../../kit';
import { api } from '../api';
import { useApps } from '../queries';
import { useMe } from '../session';
import { explainer, finder, useNames } from './client';
import { adminPath } from './entry';
import { Head } from './parts';
import { useA } from './texts';

interface Question {
  user: string;
  form: string;
  record: string;
}

/** What anybody may do and see, and which rule decides. The question stands in the address. */
export default function Explain() {
  const a = useA();
  const [, go] = useLocation();
  const params = new URLSearchParams(useSearch());
  const asked = { user: params.get('user') ?? '', form: params.get('form') ?? '', record: params.get('record') ?? '' };
  const ask = (q: Question) => {
    const search = new URLSearchParams(Object.entries(q).filter(([, v]) => v));
    go(`${adminPath}/explain?${search}`, { replace: true });
  };
  return (
    <>
      <Head note={a('more.explainNote')} />
      <Asking key={JSON.stringify(asked)} asked={asked} onAsk={ask} />
      {asked.user && asked.form ? <Answer q={asked} /> : <Empty icon="lock" text={a('more.pick')} />}
    </>
  );
}

function Asking({ asked, onAsk }: { asked: Question; onAsk(q: Question): void }) {
  const a = useA();
  const me = useMe();
  const [q, setQ] = useState(asked);
  const people = useNames('users', { users: { [me.user.id]: me.user.name } });
  const apps = useApps();
  const known = useQuery({
    queryKey: ['name', asked.user],
    enabled: !!asked.user,
    queryFn: ({ signal }) => api.org('users', { ids: [asked.user] }, { signal }),
  });
  const nameOf = (id: string) => known.data?.items.find((u) => u.id === id)?.name ?? people.nameOf(id);
  const forms = (apps.data?.items ?? []).flatMap((app) => formsOf(app.menu ?? [], app.title));
  const choices =
    forms.some((f) => f.value === q.form) || !q.form ? forms : [{ value: q.form, text: q.form }, ...forms];
  const submit = () => onAsk({ ...q, record: q.record.trim() });
  return (
    <form
      className="fw-card fw-adm-ask"
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      <Labelled label={a('more.person')}>
        {(id) => (
          <RemoteSelect
            labelId={id}
            label={a('more.person')}
            value={q.user ? [q.user] : []}
            titleOf={nameOf}
            load={finder('users')}
            avatar
            onChange={(ids, found) => {
              people.learn(found);
              setQ({ ...q, user: ids[0] ?? '' });
            }}
          />
        )}
      </Labelled>
      <Labelled label={a('more.form')}>
        {(id) => (
          <Select
            labelId={id}
            label={a('more.form')}
            value={q.form}
            choices={choices}
            onChange={(form) => setQ({ ...q, form })}
          />
        )}
      </Labelled>
      <Labelled label={a('more.record')}>
        {(id) => (
          <TextInput
            labelId={id}
            label={a('more.record')}
            value={q.record}
            placeholder={a('more.recordHint')}
            onChange={(record) => setQ({ ...q, record })}
          />
        )}
      </Labelled>
      <Button kind="primary" type="submit" disabled={!q.user || !q.form}>
        {a('more.ask')}
      </Button>
    </form>
  );
}

/** A menu as choices: "成本合同 / 支出合同". */
function formsOf(menu: MenuItem[], path: string): { value: string; text: string }[] {
  return menu.flatMap((m) => [
    ...(m.form ? [{ value: m.form, text: `${path} / ${m.title}` }] : []),
    ...formsOf(m.items ?? [], `${path} / ${m.title}`),
  ]);
}

function Labelled({ label, children }: { label: string; children(id: string): ReactNode }) {
  const id = `ask-${label}`;
  return (
    <div className="fw-adm-line">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the control names this label by labelId */}
      <label id={id}>{label}</label>
      <div className="fw-adm-input">{children(id)}</div>
    </div>
  );
}

function Answer({ q }: { q: Question }) {
  const [why, setWhy] = useState<Why | null>(null);
  const query = { user: q.user, form: q.form, record: q.record || undefined };
  const matrix = useQuery({
    queryKey: ['admin', 'explain', query],
    queryFn: ({ signal }) => explainer.matrix(query, { signal }),
    retry: false,
  });
  if (matrix.isPending) return <Skeleton rows={8} />;
  if (matrix.error) return <ErrorState error={matrix.error} onRetry={() => void matrix.refetch()} />;
  return (
    <>
      <Matrix m={matrix.data} onWhy={setWhy} />
      {why && (
        <Sheet open title={why.title} onClose={() => setWhy(null)}>
          <Reasons q={query} why={why} />
        </Sheet>
      )}
    </>
  );
}

interface Why {
  title: string;
  op?: string;
  field?: string;
}

const tones = { hidden: 'danger', masked: 'warning', read: 'brand', write: 'success' } as const;

function Matrix({ m, onWhy }: { m: AccessMatrix; onWhy(w: Why): void }) {
  const a = useA();
  return (
    <>
      <h2 className="fw-adm-about">{m.title ?? a('more.whole')}</h2>
      <div className="fw-adm-halves">
        <section className="fw-card" aria-label={a('more.ops')}>
          <h3 className="fw-adm-half">{a('more.ops')}</h3>
          {m.menu && <Cell title={a('more.menu')} note={m.menu.text} extra={<Verdict yes={m.menu.shown} />} />}
          {m.ops.map((o) => (
            <Cell
              key={o.op}
              title={o.title}
              note={o.text}
              extra={<Verdict yes={o.allowed} />}
              arrow
              onClick={() => onWhy({ title: o.title, op: o.op })}
            />
          ))}
        </section>
        <section className="fw-card" aria-label={a('more.fields')}>
          <h3 className="fw-adm-half">{a('more.fields')}</h3>
          {m.fields.map((f) => (
            <Cell
              key={f.field}
              title={<span className={f.field.includes('.') ? 'fw-adm-column' : undefined}>{f.title}</span>}
              note={f.text}
              extra={<Tag tone={tones[f.right]}>{a(`more.right_${f.right}`)}</Tag>}
              arrow
              onClick={() => onWhy({ title: f.title, field: f.field })}
            />
          ))}
        </section>
      </div>
    </>
  );
}

function Verdict({ yes }: { yes: boolean }) {
  const a = useA();
  return <Tag tone={yes ? 'success' : 'neutral'}>{a(yes ? 'more.yes' : 'more.no')}</Tag>;
}

function Reasons({ q, why }: { q: { user: string; form: string; record?: string }; why: Why }) {
  const query = { ...q, op: why.op, field: why.field };
  const answer = useQuery({
    queryKey: ['admin', 'explain', 'why', query],
    queryFn: ({ signal }) => explainer.why(query, { signal }),
  });
  if (answer.isPending) return <Skeleton rows={3} />;
  if (answer.error) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />;
  const { text, reasons } = why.field && answer.data.field ? answer.data.field : answer.data;
  return (
    <div className="fw-adm-why">
      <p>
        <strong>{text}</strong>
      </p>
      <ol>
        {reasons.map((r, i) => (
          <li key={`${r.code}-${r.group ?? i}`}>
            <ReasonLine reason={r} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function ReasonLine({ reason: r }: { reason: Reason }) {
  const a = useA();
  return (
    <>
      <Tag tone={r.allowed ? 'success' : 'neutral'}>{r.group_title ?? r.group ?? a(`more.by_${r.source}`)}</Tag>{' '}
      {r.text}
    </>
  );
}
