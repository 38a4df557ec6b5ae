import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { CaseView, CompiledForm } from '../../core/api';
import { caseDuration, caseLabel, tf } from '../../core/flow';
import { ErrorState, Skeleton } from '../../kit';
import { FlowTree } from '../../render/flow-tree';
import { Timeline } from '../../render/timeline';
import { useNow } from '../../render/use-now';
import { useLang, useT } from '../../texts';
import { useMe } from '../session';

const WhySheet = lazy(() => import('./why'));

/** How the case went: as a list of what happened, or as the diagram. */
export function FlowTab({
  form,
  flow,
  error,
  onRetry,
}: {
  form: CompiledForm;
  flow?: CaseView;
  error: unknown;
  onRetry(): void;
}) {
  const t = useT();
  const me = useMe();
  const lang = useLang();
  const [shape, setShape] = useState('timeline');
  const [why, setWhy] = useState<{ node: string; title: string } | null>(null);
  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  if (!flow) return <Skeleton rows={4} />;
  const { zone } = me.tenant;
  const body: ReactNode =
    shape === 'timeline' ? (
      <Timeline view={flow} zone={zone} />
    ) : (
      <FlowTree
        nodes={flow.tree}
        display={flow.display}
        initiator={flow.initiator}
        zone={zone}
        fields={form.fields}
        onWhy={(node, title) => setWhy({ node, title })}
      />
    );
  return (
    <section className="fw-card">
      <div className="fw-flow-top">
        <fieldset className="fw-segment" aria-label={t('list.flow')}>
          {(['timeline', 'tree'] as const).map((x) => (
            <button key={x} type="button" aria-pressed={shape === x} onClick={() => setShape(x)}>
              {tf(`flow.${x}`, {}, lang)}
            </button>
          ))}
        </fieldset>
        <Took flow={flow} />
      </div>
      <Linked flow={flow} />
      {body}
      {why && (
        <Suspense fallback={null}>
          <WhySheet id={flow.id} {...why} onClose={() => setWhy(null)} />
        </Suspense>
      )}
    </section>
  );
}

/** How long the whole case took, or has been running. */
function Took({ flow }: { flow: CaseView }) {
  const lang = useLang();
  const now = useNow();
  const time = caseDuration(flow, now, lang);
  if (!time) return null;
  return <span className="fw-muted">{tf(flow.ended_at ? 'flow.took' : 'flow.running', { time }, lang)}</span>;
}

/** The case this is a part of, and those that are parts of it. */
function Linked({ flow }: { flow: CaseView }) {
  const lang = useLang();
  const lines = [
    ...(flow.parent ? [{ ...flow.parent, name: tf('flow.partOf', {}, lang) }] : []),
    ...(flow.children ?? []).map((c) => ({ ...c, name: tf('flow.typeSubflow', {}, lang) })),
  ];
  if (!lines.length) return null;
  return (
    <ul className="fw-flow-linked">
      {lines.map((c, i) => {
        const text = c.title || c.form_title || c.node_title || tf('flow.unseen', {}, lang);
        const m = /^([^.]+\.[^.]+)\.([^.]+)$/.exec(c.case ?? '');
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: cases that may not be seen have no name of their own
          <li key={i}>
            <span className="fw-muted">{c.name}</span>
            {m ? <a href={`/f/${m[1]}/${m[2]}`}>{text}</a> : <span>{text}</span>}
            {c.state && <span className="fw-muted">{caseLabel(c.state, lang).text}</span>}
          </li>
        );
      })}
    </ul>
  );
}
