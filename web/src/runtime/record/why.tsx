import { useQuery } from '@tanstack/react-query';
import type { NodeExplanation, NodeTask } from '../../core/api';
import { personName, taskLabel } from '../../core/flow';
import { Avatar, ErrorState, Sheet, Skeleton, Tag } from '../../kit';
import { toneOf } from '../../render/tone';
import { useLang } from '../../texts';
import { useActT } from '../act/texts';
import { more } from '../more';
import '../explain/explain.css';

/** Why the people of a node were asked: where they come from, and what happened on the way. */
export default function WhySheet(props: { id: string; node: string; title: string; onClose(): void }) {
  const a = useActT();
  const lang = useLang();
  const why = useQuery({
    queryKey: ['why', props.id, props.node, lang],
    queryFn: ({ signal }) => more.explainNode(props.id, props.node, { signal }),
  });
  return (
    <Sheet open title={a('act.whyTitle', { node: props.title })} onClose={props.onClose}>
      <div className="fw-explain">
        {why.error ? (
          <ErrorState error={why.error} onRetry={() => void why.refetch()} />
        ) : !why.data ? (
          <Skeleton rows={3} />
        ) : (
          <Body of={why.data} />
        )}
      </div>
    </Sheet>
  );
}

function Body({ of }: { of: NodeExplanation }) {
  const a = useActT();
  const lang = useLang();
  // The sentence of a node with one person is his own.
  const told = of.items.some((x) => x.text === of.text);
  return (
    <>
      {of.text && !told && <p className="fw-explain-lead">{of.text}</p>}
      {of.none && (
        <p className="fw-explain-lead">
          {a('act.whyNobody')}：{of.none.text}
        </p>
      )}
      <ul className="fw-explain-people">
        {of.items.map((x, i) => {
          const state = x.state ? taskLabel({ state: x.state as NodeTask['state'] }, lang) : undefined;
          const name = personName(x.user, of.display, lang);
          return (
            <li key={x.task ?? i}>
              <Avatar name={name} size={32} />
              <div>
                <p className="fw-explain-name">
                  <b>{name}</b>
                  {state && <Tag tone={toneOf(state.tone)}>{state.text}</Tag>}
                </p>
                {x.text && !x.from?.length && !x.steps?.length && <p>{x.text}</p>}
                {!!x.from?.length && (
                  <p className="fw-muted">
                    {a('act.whyFrom')} {x.from.map((f) => f.text).join('、')}
                  </p>
                )}
                {x.steps?.map((s) => (
                  <p key={s.text} className="fw-muted">
                    {s.text}
                  </p>
                ))}
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}
