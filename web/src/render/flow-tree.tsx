import './flow-tree.css';
import { createContext, useContext, useEffect, useMemo, useRef } from 'react';
import type { Display, Field, TreeNode } from '../core/api';
import { actionLabel, type NodeView, type PersonView, personName, tf, treeView } from '../core/flow';
import type { Lang } from '../core/i18n';
import { Icon, type IconName, Tag } from '../kit';
import { useLang } from '../texts';
import { DeadlineLine } from './deadline';
import { toneOf } from './tone';
import { useNow } from './use-now';

const icons: Partial<Record<NodeView['type'], IconName>> = {
  approve: 'user',
  handle: 'edit',
  cc: 'bell',
  start: 'user',
  condition: 'flow',
  inclusive: 'flow',
  parallel: 'flow',
  subflow: 'doc',
  data: 'save',
  call: 'globe',
  delay: 'clock',
};

/** Asks why the people of a node were asked. */
type Why = (node: string, title: string) => void;
const WhyContext = createContext<Why | undefined>(undefined);

export interface FlowTreeProps {
  /** Fields of the form: conditions name them by title. */
  fields?: Field[];
  nodes: TreeNode[];
  display?: Display;
  zone: string;
  initiator?: string;
  onWhy?: Why;
}

/** A flow drawn top to bottom, read-only; where the case stands is scrolled into the middle. */
export function FlowTree({ nodes, display, zone, initiator, fields, onWhy }: FlowTreeProps) {
  const lang = useLang();
  const now = useNow();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const el = box.current;
    const at = el?.querySelector<HTMLElement>('[data-status=current]');
    if (!el) return;
    // Only this box scrolls: scrollIntoView would move the page too.
    el.scrollLeft = at
      ? at.offsetLeft + at.offsetWidth / 2 - el.clientWidth / 2
      : (el.scrollWidth - el.clientWidth) / 2;
  }, []);
  const views = useMemo(
    () =>
      withInitiator(treeView(nodes, { display, lang, now, zone, titleOf: titlesOf(fields) }), initiator, display, lang),
    [nodes, display, lang, now, zone, initiator, fields],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <div ref={box} className="fw-flow" role="region" aria-label={tf('flow.tree', {}, lang)} tabIndex={0}>
      <WhyContext.Provider value={onWhy}>
        <NodeList nodes={views} />
      </WhyContext.Provider>
    </div>
  );
}

/** The title of a field or column by its name in formulas. */
function titlesOf(fields: Field[] = []): (key: string) => string | undefined {
  const titles = new Map<string, string>();
  for (const f of fields) {
    titles.set(f.key, f.title);
    for (const c of f.columns ?? []) titles.set(`${f.key}.${c.key}`, `${f.title} ${c.title}`);
  }
  return (key) => titles.get(key);
}

/** The start node names who began it. */
function withInitiator(
  nodes: NodeView[],
  id: string | undefined,
  display: Display | undefined,
  lang: Lang,
): NodeView[] {
  if (!id) return nodes;
  const who: PersonView = {
    key: id,
    task: '',
    id,
    name: personName(id, display, lang),
    label: actionLabel('submit', lang),
    comment: '',
    note: '',
  };
  return nodes.map((n) => (n.type === 'start' && !n.people.length ? { ...n, people: [who] } : n));
}

function NodeList({ nodes }: { nodes: NodeView[] }) {
  return (
    <ol className="fw-flow-list">
      {nodes.map((n) => (
        <li key={n.id} className="fw-flow-item">
          <Node node={n} />
          {n.branches.length > 0 && <Branches node={n} />}
        </li>
      ))}
    </ol>
  );
}

function Branches({ node }: { node: NodeView }) {
  const lang = useLang();
  return (
    <ul className="fw-flow-branches">
      {node.branches.map((b, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: branches have no name of their own and never move
        <li key={i} className="fw-flow-branch" data-taken={b.taken || undefined}>
          <span className="fw-flow-branch-title">
            {b.taken && <Icon name="check" size={12} />}
            {b.title}
            {node.status === 'past' && !b.taken && <span className="fw-sr">{tf('flow.notTaken', {}, lang)}</span>}
            {b.reason && b.reason !== b.title && <small>{b.reason}</small>}
          </span>
          {b.nodes.length > 0 ? <NodeList nodes={b.nodes} /> : <span className="fw-flow-through" />}
        </li>
      ))}
    </ul>
  );
}

function Node({ node }: { node: NodeView }) {
  const lang = useLang();
  const why = useContext(WhyContext);
  if (node.type === 'end') return <div className="fw-flow-end">{node.title}</div>;
  const icon = icons[node.type];
  const asked = node.type === 'approve' || node.type === 'handle' || node.type === 'cc';
  return (
    <div className="fw-flow-node" data-status={node.status} data-tone={node.tone}>
      <div className="fw-flow-head">
        {icon && <Icon name={icon} size={16} />}
        <span className="fw-flow-title">{node.title}</span>
        {node.title !== node.kind && <span className="fw-flow-kind">{node.kind}</span>}
        {node.status === 'current' && <span className="fw-sr">{tf('flow.hereNow', {}, lang)}</span>}
      </div>
      {node.people.map((p) => (
        <Person key={p.key} person={p} ahead={node.status === 'ahead'} />
      ))}
      {node.work.map((w) => (
        <div key={w.key} className="fw-flow-person">
          <span>{w.href ? <a href={w.href}>{w.text || w.label.text}</a> : w.text}</span>
          <Tag tone={toneOf(w.label.tone)}>{w.label.text}</Tag>
          {w.error && <small className="fw-danger">{w.error}</small>}
        </div>
      ))}
      <Facts node={node} />
      {why && asked && node.status !== 'ahead' && node.status !== 'skipped' && (
        <button type="button" className="fw-link fw-flow-why" onClick={() => why(node.id, node.title)}>
          {tf('flow.why', {}, lang)}
        </button>
      )}
    </div>
  );
}

function Person({ person: p, ahead }: { person: PersonView; ahead: boolean }) {
  return (
    <div className="fw-flow-person">
      <span>{p.name}</span>
      {!ahead && <Tag tone={toneOf(p.label.tone)}>{p.label.text}</Tag>}
      {p.note && <small>{p.note}</small>}
    </div>
  );
}

/** Votes, deadline, duration and reason of a node, one line each. */
function Facts({ node }: { node: NodeView }) {
  const lines = [node.chosen, node.votes, node.reason, node.took].filter(Boolean);
  if (!lines.length && !node.deadline) return null;
  return (
    <div className="fw-flow-reason">
      {lines.map((l) => (
        <p key={l}>{l}</p>
      ))}
      {node.deadline && <DeadlineLine deadline={node.deadline} />}
    </div>
  );
}
