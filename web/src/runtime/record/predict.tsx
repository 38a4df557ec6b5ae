import { useEffect, useState } from 'react';
import type { Prediction } from '../../core/api';
import { type NodeView, path, treeView } from '../../core/flow';
import type { FormState } from '../../core/form';
import { Avatar, Icon, Sheet, Spinner } from '../../kit';
import { FlowTree } from '../../render/flow-tree';
import { useLang, useT } from '../../texts';
import { useActT } from '../act/texts';
import { api } from '../api';
import { useMe } from '../session';

type Answer = { at: 'wait' } | { at: 'ok'; value: Prediction } | { at: 'failed' };

/** Who will be asked, given what is filled in so far; asked again a moment after each change. */
export default function PredictStrip({ state }: { state: FormState }) {
  const t = useT();
  const lang = useLang();
  const { zone } = useMe().tenant;
  const [answer, setAnswer] = useState<Answer>({ at: 'wait' });
  const [open, setOpen] = useState(false);
  useEffect(() => {
    let stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      stop.abort();
      stop = new AbortController();
      const { signal } = stop;
      try {
        const value = await api.predict(state.form.ref, state.data(), { signal });
        if (!signal.aborted) setAnswer({ at: 'ok', value });
      } catch {
        if (!signal.aborted) setAnswer({ at: 'failed' });
      }
    };
    let last = '';
    const off = state.changes.subscribe(() => {
      const now = JSON.stringify(state.data());
      if (now === last) return;
      last = now;
      clearTimeout(timer);
      timer = setTimeout(() => void ask(), 800);
    });
    return () => {
      off();
      clearTimeout(timer);
      stop.abort();
    };
  }, [state]);

  const steps =
    answer.at === 'ok'
      ? path(treeView(answer.value.tree, { display: answer.value.display, lang, now: Date.now(), zone })).filter(
          (n) => n.type !== 'end' && n.type !== 'start',
        )
      : [];
  return (
    <section className="fw-card fw-predict" aria-label={t('form.flowPreview')}>
      <div className="fw-predict-head">
        <h2>{t('form.flowPreview')}</h2>
        {answer.at === 'ok' && (
          <button type="button" className="fw-link" onClick={() => setOpen(true)}>
            {t('ui.viewFlow')}
          </button>
        )}
      </div>
      {answer.at === 'wait' && <Spinner />}
      {answer.at === 'failed' && <p className="fw-muted">{t('ui.predictFailed')}</p>}
      {answer.at === 'ok' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <ol className="fw-predict-steps" tabIndex={0} aria-label={t('form.flowPreview')}>
          {steps.map((n, i) => (
            <li key={n.id}>
              {i > 0 && <Icon name="right" size={14} className="fw-icon fw-muted" />}
              <span className="fw-predict-step">
                {n.people[0]?.name ? (
                  <Avatar name={n.people[0].name} size={28} />
                ) : (
                  <Icon name={asks.has(n.type) ? 'user' : 'flow'} size={24} />
                )}
                <span>
                  <small>{n.title}</small>
                  {whoOf(n, t)}
                  {n.people.some((p) => p.name && p.note) && <small>{n.people.find((p) => p.note)?.note}</small>}
                </span>
              </span>
            </li>
          ))}
        </ol>
      )}
      {answer.at === 'ok' && <Warnings of={answer.value} />}
      <Sheet open={open} wide title={t('form.flowPreview')} onClose={() => setOpen(false)}>
        {answer.at === 'ok' && (
          <FlowTree nodes={answer.value.tree} display={answer.value.display} zone={zone} fields={state.form.fields} />
        )}
      </Sheet>
    </section>
  );
}

/** The people of a step; what it does where it asks nobody. */
function whoOf(n: NodeView, t: ReturnType<typeof useT>): string {
  const people = n.people.filter((p) => p.name).map((p) => p.name);
  if (people.length) return names(people, t);
  if (n.chosen) return n.chosen;
  return asks.has(n.type) ? n.people[0]?.note || t('ui.predictNobody') : n.reason || n.kind;
}

const asks = new Set<NodeView['type']>(['approve', 'handle', 'cc']);

/** So many are told; more would hide the form. */
const told = 3;

/** What cannot be told yet, and that all of it is a guess. */
function Warnings({ of }: { of: Prediction }) {
  const a = useActT();
  const list = (of.warnings ?? []).slice(0, told);
  if (!list.length) return null;
  return (
    <ul className="fw-predict-warnings">
      {list.map((w) => (
        <li key={`${w.code}-${w.node}-${w.text}`}>
          <Icon name="warn" size={14} />
          <span>{w.text}</span>
        </li>
      ))}
      <li className="fw-muted">{a('act.maybe')}</li>
    </ul>
  );
}

function names(list: string[], t: ReturnType<typeof useT>): string {
  if (list.length <= 2) return list.join('、');
  return t('ui.people', { names: list.slice(0, 2).join('、'), n: list.length });
}
