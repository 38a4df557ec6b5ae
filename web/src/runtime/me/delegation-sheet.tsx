import '../act/act.css';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { ApiError, type Delegation, type Display } from '../../core/api';
import { formatTime } from '../../core/format';
import { FieldsProvider } from '../../fields/context';
import { toLocal, toWire } from '../../fields/date/zoned';
import { Button, DateInput, MultiSelect, Sheet, TextArea, textOf, toast } from '../../kit';
import { useLang, useT } from '../../texts';
import { PeoplePicker } from '../act/people';
import { api } from '../api';
import { merged } from '../merged';
import { more } from '../more';
import { useApps } from '../queries';
import { useMe } from '../session';
import { scopesOf } from './delegations';
import { periodProblem } from './period';
import { useMineT } from './texts';

/** Makes or changes a delegation. */
export function DelegationSheet(props: { of?: Delegation; display: Display; onClose(): void; onSaved(): void }) {
  const t = useT();
  const m = useMineT();
  const id = useId();
  const lang = useLang();
  const { zone } = useMe().tenant;
  const apps = useApps();
  const { of } = props;
  const [delegate, setDelegate] = useState(of?.delegate ?? '');
  const [from, setFrom] = useState(() => toLocal(of?.from ?? dayFrom(Date.now()), 'minute', zone));
  const [until, setUntil] = useState(() => (of ? toLocal(of.until, 'minute', zone) : ''));
  const [forms, setForms] = useState(of?.forms ?? []);
  const [note, setNote] = useState(of?.note ?? '');
  const [problem, setProblem] = useState<{ part: string; text: string }>();
  const [busy, setBusy] = useState(false);
  const [learnt, learn] = useState<Display>({});
  const display = useMemo(() => merged([props.display, learnt]), [props.display, learnt]);

  const save = async () => {
    if (busy) return;
    const body = {
      delegate,
      from: toWire(from, 'minute', zone),
      until: toWire(until, 'minute', zone),
      forms,
      note: note.trim(),
    };
    const bad = periodProblem(delegate, body.from, body.until, Date.now());
    if (bad) return setProblem({ part: bad.part, text: m(`mine.${bad.text}`) });
    setBusy(true);
    setProblem(undefined);
    try {
      if (of) await more.changeDelegation(of.id, { rev: of.rev, ...body });
      else await more.delegate(body);
      toast(m(of ? 'mine.saved' : 'mine.added'), 'success');
      props.onSaved();
    } catch (e) {
      setProblem(refused(e));
    } finally {
      setBusy(false);
    }
  };

  const refused = (e: unknown) => {
    if (e instanceof ApiError && e.code === 'delegation.overlap') {
      const time = (v: unknown) => (typeof v === 'string' ? formatTime(v, lang, zone) : '');
      return { part: 'from', text: m('mine.overlap', { from: time(e.params.from), until: time(e.params.until) }) };
    }
    const first = e instanceof ApiError ? e.errors[0] : undefined;
    return first
      ? { part: first.path.split('/')[1] ?? '', text: first.message || textOf(e) }
      : { part: '', text: textOf(e) };
  };
  const line = (part: string) => ({ id: `${id}-${part}`, invalid: problem?.part === part, describedBy: `${id}-err` });

  return (
    <Sheet
      open
      kind="drawer"
      title={m(of ? 'mine.edit' : 'mine.add')}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" loading={busy} onClick={() => void save()}>
            {t('common.save')}
          </Button>
        </>
      }
    >
      <FieldsProvider value={{ api, form: { ref: '', zone }, display, learn: (d) => learn((o) => merged([o, d])) }}>
        <div className="fw-action">
          <PeoplePicker
            {...line('delegate')}
            title={m('mine.delegate')}
            multiple={false}
            value={delegate ? [delegate] : []}
            onChange={(ids) => setDelegate(ids[0] ?? '')}
          />
          <Line {...line('from')} label={m('mine.from')}>
            <DateInput
              {...line('from')}
              labelId={`${id}-from-l`}
              label={m('mine.from')}
              precision="minute"
              required
              value={from}
              onChange={setFrom}
            />
          </Line>
          <Line {...line('until')} label={m('mine.until')}>
            <DateInput
              {...line('until')}
              labelId={`${id}-until-l`}
              label={m('mine.until')}
              precision="minute"
              required
              value={until}
              onChange={setUntil}
            />
          </Line>
          <Line {...line('forms')} label={m('mine.scope')} hint={m('mine.scopeHint')}>
            <MultiSelect
              {...line('forms')}
              labelId={`${id}-forms-l`}
              label={m('mine.scope')}
              placeholder={m('mine.scopeAll')}
              value={forms}
              onChange={setForms}
              choices={scopesOf(apps.data?.items ?? [])}
            />
          </Line>
          <Line {...line('note')} label={m('mine.note')}>
            <TextArea
              {...line('note')}
              labelId={`${id}-note-l`}
              label={m('mine.note')}
              placeholder={m('mine.noteHint')}
              rows={2}
              maxLength={200}
              value={note}
              onChange={setNote}
            />
          </Line>
          <p id={`${id}-err`} className="fw-field-error" role="alert">
            {problem?.text}
          </p>
        </div>
      </FieldsProvider>
    </Sheet>
  );
}

/** The present minute as a wire value. */
const dayFrom = (ms: number) => new Date(Math.floor(ms / 60_000) * 60_000).toISOString();

function Line(props: { id: string; label: string; invalid: boolean; hint?: string; children: ReactNode }) {
  return (
    <div className="fw-action-part">
      <label htmlFor={props.id} id={`${props.id}-l`}>
        {props.label}
      </label>
      <div className="fw-action-input" data-invalid={props.invalid || undefined}>
        {props.children}
      </div>
      {props.hint && <p className="fw-action-note fw-action-hint">{props.hint}</p>}
    </div>
  );
}
