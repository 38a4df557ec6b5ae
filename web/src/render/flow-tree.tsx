import './flow-tree.css';
import { useEffect, useRef } from 'react';
import type { Display, TreeNode } from '../core/api';
import { actionLabel, type NodeView, personName, treeView } from '../core/flow';
import type { Lang } from '../core/i18n';
import { Icon, type IconName, Tag } from '../kit';
import { useLang, useT } from '../texts';
import { toneOf } from './tone';

const icons: Partial<Record<NodeView['type'], IconName>> = {
  approve: 'user',
  handle: 'edit',
  cc: 'bell',
  start: 'user',
  condition: 'flow',
  parallel: 'flow',
};

/** A flow drawn top to bottom, read-only; where the case stands is scrolled into the middle. */
export function FlowTree({ nodes, display, initiator }: { nodes: TreeNode[]; display?: Display; initiator?: string }) {
  const lang = useLang();
  const t = useT();
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
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <div ref={box} className="fw-flow" role="region" aria-label={t('flow.tree')} tabIndex={0}>
      <NodeList nodes={withInitiator(treeView(nodes, display, lang), initiator, display, lang)} />
    </div>
  );
}

/** The start node names who began it. */
function withInitiator(
  nodes: NodeView[],
  id: string | undefined,
  display: Display | undefined,
  lang: Lang,
): NodeView[] {
  if (!id) return nodes;
  const who = { id, name: personName(id, display, lang), label: actionLabel('submit', lang), comment: '' };
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
  return (
    <ul className="fw-flow-branches">
      {node.branches.map((b, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: branches have no name of their own and never move
        <li key={i} className="fw-flow-branch" data-taken={b.taken || undefined}>
          <span className="fw-flow-branch-title">{b.title}</span>
          {b.nodes.length > 0 ? <NodeList nodes={b.nodes} /> : <span className="fw-flow-through" />}
        </li>
      ))}
    </ul>
  );
}

function Node({ node }: { node: NodeView }) {
  if (node.type === 'end') return <div className="fw-flow-end">{node.title}</div>;
  const icon = icons[node.type];
  return (
    <div className="fw-flow-node" data-status={node.status} data-tone={node.tone}>
      <div className="fw-flow-head">
        {icon && <Icon name={icon} size={16} />}
        <span className="fw-flow-title">{node.title}</span>
        {node.title !== node.kind && <span className="fw-flow-kind">{node.kind}</span>}
      </div>
      {node.people.map((p) => (
        <div key={p.id} className="fw-flow-person">
          <span>{p.name}</span>
          {node.status !== 'ahead' && <Tag tone={toneOf(p.label.tone)}>{p.label.text}</Tag>}
        </div>
      ))}
      {node.reason && <p className="fw-flow-reason">{node.reason}</p>}
    </div>
  );
}
