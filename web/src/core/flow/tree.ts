import type { Display, TreeNode } from '../api/types';
import { type Lang, t } from '../i18n';
import { type Label, nodeTypeText, reasonText, type Tone, taskLabel } from './labels';
import { flatten, personName } from './timeline';

/** A node as the diagram draws it. */
export interface NodeView {
  id: string;
  type: TreeNode['type'];
  title: string;
  /** Kind of node, for the small caption. */
  kind: string;
  status: NodeStatus;
  tone: Tone;
  reason: string;
  people: { id: string; name: string; label: Label; comment: string }[];
  branches: { title: string; taken: boolean; nodes: NodeView[] }[];
}

/** Where a node stands: behind, now, ahead, or not on the way. */
export type NodeStatus = 'past' | 'current' | 'ahead' | 'skipped';

const statusOf: Record<string, NodeStatus> = {
  current: 'current',
  active: 'current',
  done: 'past',
  skipped: 'skipped',
  not_taken: 'skipped',
};

/** A decided node has the colour of what was decided there. */
function toneOf(n: TreeNode): Tone {
  if (statusOf[n.state ?? ''] === 'current') return 'active';
  if (n.state !== 'done') return 'neutral';
  const results = (n.tasks ?? []).map((task) => task.result);
  if (results.includes('reject')) return 'danger';
  return results.includes('return') ? 'warning' : 'success';
}

/** The tree of a case, or of a prediction, ready to draw. A branch that was not taken marks its nodes as skipped. */
export function treeView(nodes: TreeNode[], display: Display | undefined, lang: Lang, off = false): NodeView[] {
  return nodes.map((n) => nodeView(n, display, lang, off));
}

function nodeView(n: TreeNode, display: Display | undefined, lang: Lang, off: boolean): NodeView {
  const decided = (n.branches ?? []).some((b) => b.taken);
  return {
    id: n.node,
    type: n.type,
    title: n.title || nodeTypeText(n.type, lang),
    kind: nodeTypeText(n.type, lang),
    status: off ? 'skipped' : (statusOf[n.state ?? ''] ?? 'ahead'),
    tone: off ? 'neutral' : toneOf(n),
    // At a branching the reason is a formula: the titles of the branches say it for people.
    reason: n.type === 'condition' ? '' : reasonText(n.reason, lang),
    people: (n.tasks ?? []).map((task) => ({
      id: task.assignee,
      name: personName(task.assignee, display, lang),
      label: taskLabel(task, lang),
      comment: task.comment ?? '',
    })),
    branches: (n.branches ?? []).map((b, i) => ({
      title: b.title || t('flow.branch', { n: i + 1 }, lang),
      taken: !!b.taken,
      nodes: treeView(b.nodes, display, lang, off || (decided && !b.taken)),
    })),
  };
}

/** The nodes where the case stands now. */
export function currentNodes(nodes: TreeNode[]): TreeNode[] {
  return flatten(nodes).filter((n) => statusOf[n.state ?? ''] === 'current' && !n.branches?.length);
}

/** People who will be asked, in order, for the strip before a submit. */
export function path(nodes: NodeView[]): NodeView[] {
  const out: NodeView[] = [];
  for (const n of nodes) {
    if (n.status === 'skipped') continue;
    if (n.type !== 'condition' && n.type !== 'parallel') out.push(n);
    for (const b of n.branches) if (b.taken || n.type === 'parallel') out.push(...path(b.nodes));
  }
  return out;
}
