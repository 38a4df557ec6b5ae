import type { CaseAction, CaseView, Choose } from '../../core/api';
import { flatten, standsFor } from '../../core/flow';
import { useFields } from '../../fields/context';
import { RadioGroup, Select } from '../../kit';
import { useLang } from '../../texts';
import { PeoplePicker } from './people';
import type { Plan } from './plan';
import { type ActKey, useActT } from './texts';

interface PartProps<V> {
  id: string;
  invalid: boolean;
  describedBy: string;
  value: V;
  onChange(value: V): void;
}

/** So many places are shown at once; more are a list to open. */
const few = 8;

/** One of some nodes: where a return or a jump goes to. */
export function PlacePart(props: PartProps<string> & { title: string; nodes: { node: string; title: string }[] }) {
  const { id, title, nodes, ...rest } = props;
  const choices = nodes.map((n) => ({ value: n.node, text: n.title || n.node }));
  const Control = choices.length > few ? Select : RadioGroup;
  return (
    <div className="fw-action-part">
      <span id={`${id}-l`}>{title}</span>
      <div className={choices.length > few ? 'fw-action-input' : undefined}>
        <Control {...rest} id={id} labelId={`${id}-l`} label={title} required choices={choices} />
      </div>
    </div>
  );
}

/** People to pass on to, to ask, to add or to remove. */
export function PeoplePart(props: PartProps<string[]> & { title: string; plan: NonNullable<Plan['people']> }) {
  const { plan, ...rest } = props;
  return <PeoplePicker {...rest} multiple={plan.max > 1} from={plan.from} />;
}

/** The people of a later node. */
export function ChoosePart(props: PartProps<string[]> & { choose: Choose }) {
  const a = useActT();
  const { choose: c, ...rest } = props;
  const min = c.min ?? 1;
  const max = c.max || 0;
  const note = max > 1 ? a('act.chooseRange', { min, max }) : min > 1 ? a('act.chooseMin', { min }) : undefined;
  return (
    <PeoplePicker
      {...rest}
      title={a('act.chooseFor', { node: c.title || c.node })}
      note={note}
      multiple={max !== 1}
      required={min > 0}
      from={c.from}
    />
  );
}

/** Where added signers stand: before, after or beside. */
export function WherePart(props: { id: string; where: string[]; value: string; onChange(v: string): void }) {
  const a = useActT();
  return (
    <div className="fw-action-part">
      <span id={`${props.id}-l`}>{a('act.where')}</span>
      <div className="fw-where" role="radiogroup" aria-labelledby={`${props.id}-l`}>
        {props.where.map((w) => (
          <label key={w} className="fw-where-item" data-on={props.value === w || undefined}>
            <input
              type="radio"
              name={props.id}
              value={w}
              checked={props.value === w}
              onChange={() => props.onChange(w)}
            />
            <span>
              <b>{a(`act.where_${w}` as `act.${ActKey}`)}</b>
              <small>{a(`act.whereNote_${w}` as `act.${ActKey}`)}</small>
            </span>
          </label>
        ))}
      </div>
    </div>
  );
}

/** Return to a node behind the start: whether the case comes straight back from there. Only where the flow allows it. */
export function BackPart(props: { value: boolean; onChange(v: boolean): void }) {
  const a = useActT();
  return (
    <label className="fw-check-line">
      <input type="checkbox" checked={props.value} onChange={(e) => props.onChange(e.target.checked)} />
      {a('act.backHere')}
    </label>
  );
}

/** Which of several open tasks is meant. */
export function TaskPart(props: PartProps<string> & { flow: CaseView; among: CaseAction[] }) {
  const a = useActT();
  const lang = useLang();
  const { display } = useFields();
  const { id, flow, among, ...rest } = props;
  const mayBe = new Set(among.map((x) => x.task));
  const choices = flatten(flow.tree).flatMap((n) =>
    (n.tasks ?? [])
      .filter((x) => x.id && (mayBe.size ? mayBe.has(x.id) : x.state === 'open' || x.state === 'waiting'))
      .map((x) => ({
        value: x.id ?? '',
        text: `${n.title ?? n.node}：${standsFor(x.assignee, x.principal, display, lang)}`,
      })),
  );
  return (
    <div className="fw-action-part">
      <span id={`${id}-l`}>{a('act.reassignTask')}</span>
      <RadioGroup {...rest} id={id} labelId={`${id}-l`} required choices={choices} />
    </div>
  );
}
