import type { Display, NodeTask, TreeNode } from '../api/types';
import { duration, formatTime } from '../format/date';
import type { Lang } from '../i18n';
import { conditionText } from './condition';
import { type Deadline, deadlineOf, nodeDuration } from './deadline';
import { addedText, caseLabel, type Label, nodeTypeText, reasonText, type Tone, taskLabel, workLabel } from './labels';
import { flatten, namesOf, standsFor } from './people';
import { tf } from './texts';
import { modeText, votesOf, votesText } from './votes';

/** Somebody who is or was asked at a node. */
export interface PersonView {
  key: string;
  /** Id of the task; "" in a prediction. */
  task: string;
  id: string;
  name: string;
  label: Label;
  comment: string;
  /** Why he is asked, or was passed over; how he was added. */
  note: string;
}

/** One piece of work outside. */
export interface WorkView {
  key: string;
  text: string;
  label: Label;
  error: string;
  /** Path of the record it made or started. */
  href: string;
}

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
  /** "需全部同意", "同意 3/5（60%）". */
  votes: string;
  deadline?: Deadline;
  /** How long it took, or has been open. */
  took: string;
  chosen: string;
  people: PersonView[];
  work: WorkView[];
  branches: { title: string; taken: boolean; reason: string; nodes: NodeView[] }[];
}

/** Where a node stands: behind, now, ahead, or not on the way. */
export type NodeStatus = 'past' | 'current' | 'ahead' | 'skipped';

/** What a tree is drawn with. */
export interface TreeScope {
  display?: Display;
  lang: Lang;
  now: number;
  zone: string;
  /** The title of a field, for conditions. */
  titleOf?(key: string): string | undefined;
}

const statusOf: Record<string, NodeStatus> = {
  current: 'current',
  active: 'current',
  done: 'past',
  skipped: 'skipped',
  not_taken: 'skipped',
};

/** A decided node has the colour of what was decided there. */
function toneOf(n: TreeNode): Tone {
  if (n.work?.some((w) => w.state === 'failed')) return 'danger';
  if (statusOf[n.state ?? ''] === 'current') return 'active';
  if (n.state !== 'done') return 'neutral';
  const results = (n.tasks ?? []).map((task) => task.result);
  if (results.includes('reject')) return 'danger';
  return results.includes('return') ? 'warning' : 'success';
}

/** The tree of a case, or of a prediction, ready to draw. A branch that was not taken marks its nodes as skipped. */
export function treeView(nodes: TreeNode[], s: TreeScope, off = false): NodeView[] {
  return nodes.map((n) => nodeView(n, s, off));
}

function nodeView(n: TreeNode, s: TreeScope, off: boolean): NodeView {
  const { lang } = s;
  const decided = (n.branches ?? []).some((b) => b.taken);
  const ms = off ? undefined : nodeDuration(n, s.now);
  const votes = votesOf(n);
  const status = off ? 'skipped' : (statusOf[n.state ?? ''] ?? 'ahead');
  return {
    id: n.node,
    type: n.type,
    title: n.title || nodeTypeText(n.type, lang),
    kind: nodeTypeText(n.type, lang),
    status,
    tone: off ? 'neutral' : toneOf(n),
    reason: reasonOf(n, s),
    votes: [modeText(n, lang), votes ? votesText(votes, lang) : ''].filter(Boolean).join(tf('flow.comma', {}, lang)),
    deadline: off ? undefined : deadlineOf({ ...n, ended_at: endOf(n) }, s.now, lang, s.zone),
    took:
      ms === undefined
        ? ''
        : tf(status === 'current' ? 'flow.waiting' : 'flow.took', { time: duration(ms, lang) }, lang),
    chosen:
      n.chosen?.length && !n.tasks?.length
        ? tf('flow.chosen', { names: namesOf(n.chosen, s.display, lang) }, lang)
        : '',
    people: (n.tasks ?? []).map((task, i) => personView(task, i, s)),
    work: (n.work ?? []).map((w, i) => ({
      key: String(w.item ?? i),
      text: w.title || (n.work && n.work.length > 1 ? tf('flow.workItem', { n: i + 1 }, lang) : ''),
      label: w.result ? caseLabel(w.result, lang) : workLabel(w.state, lang),
      error: [w.error, w.tries && w.tries > 1 ? tf('flow.workTries', { n: w.tries }, lang) : '']
        .filter(Boolean)
        .join(' · '),
      href: pathOf(w.ref),
    })),
    branches: (n.branches ?? []).map((b, i) => {
      const skipped = off || (decided && !b.taken);
      return {
        title: b.title || tf('flow.branch', { n: i + 1 }, lang),
        taken: !!b.taken,
        reason:
          n.type === 'parallel'
            ? ''
            : b.undecided
              ? tf('flow.undecided', {}, lang)
              : conditionText(b.reason ?? '', s.titleOf ?? (() => undefined), lang),
        nodes: treeView(b.nodes, s, skipped),
      };
    }),
  };
}

/** At a branching the reason belongs to the branches; a node that works says what it does, or until when it waits. */
function reasonOf(n: TreeNode, s: TreeScope): string {
  if (n.branches?.length) return '';
  const until =
    n.until && n.state === 'current' ? tf('flow.until', { time: formatTime(n.until, s.lang, s.zone) }, s.lang) : '';
  // Where a person's line says it already, once is enough.
  const told = (n.tasks ?? []).some((x) => x.reason && x.reason === n.reason);
  return [n.note, told ? '' : n.why || reasonText(n.reason, s.lang), until].filter(Boolean).join(' · ');
}

/** When a decided node was decided last; "" keeps the clock running. */
function endOf(n: TreeNode): string | undefined {
  if (n.state === 'current' || n.state === 'pending') return undefined;
  if (n.ended_at) return n.ended_at;
  return (n.tasks ?? []).reduce<string | undefined>(
    (last, x) => (x.done_at && (!last || x.done_at > last) ? x.done_at : last),
    undefined,
  );
}

function personView(task: NodeTask, i: number, { display, lang }: TreeScope): PersonView {
  return {
    key: task.id ?? `${i}-${task.assignee}`,
    task: task.id ?? '',
    id: task.assignee,
    name: task.assignee ? standsFor(task.assignee, task.principal, display, lang) : '',
    label: taskLabel(task, lang),
    comment: task.comment ?? '',
    note: [addedText(task.added, lang), task.reason === 'added' ? '' : task.why || reasonText(task.reason, lang)]
      .filter(Boolean)
      .join(' · '),
  };
}

/** The page of "app.form.record"; "" for what is no such reference. */
export function pathOf(ref: string | undefined): string {
  const m = /^([^.]+\.[^.]+)\.([^.]+)$/.exec(ref ?? '');
  return m ? `/f/${m[1]}/${m[2]}` : '';
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
    if (!n.branches.length) out.push(n);
    for (const b of n.branches) if (b.taken || n.type === 'parallel') out.push(...path(b.nodes));
  }
  return out;
}
