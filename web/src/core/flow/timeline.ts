import type { CaseView, Display, NodeTask, TimelineEntry, TreeNode } from '../api/types';
import { duration } from '../format/date';
import { parseInstant } from '../formula/zone';
import { type Lang, t } from '../i18n';
import { actionLabel, caseLabel, type Label, reasonText } from './labels';

/** One line of the timeline, ready to show. */
export interface TimelineItem {
  key: string;
  /** Titles of nodes; empty for what happens outside of one. */
  node: string;
  /** Who acted, or is waited for. */
  who: string;
  /** Who is addressed: transferred to, copied to, returned to. */
  to: string;
  label: Label;
  comment: string;
  reason: string;
  /** RFC 3339; "" while it is open. */
  at: string;
  /** "took 3 hours", "waiting for 2 days". */
  took: string;
  /** Somebody is expected to act here. */
  open: boolean;
}

/** What happened, oldest first, followed by who is waited for now. */
export function timeline(c: CaseView, now: number, lang: Lang): TimelineItem[] {
  const tasks = new Map<number, NodeTask>();
  for (const node of flatten(c.tree)) {
    for (const task of node.tasks ?? []) tasks.set(Number(task.id?.slice(task.id.lastIndexOf('.') + 1)), task);
  }
  const past = [...c.timeline].sort((a, b) => a.seq - b.seq).map((e) => entry(e, c, tasks, lang));
  return [...past, ...waiting(c, now, lang)];
}

function entry(e: TimelineEntry, c: CaseView, tasks: Map<number, NodeTask>, lang: Lang): TimelineItem {
  const task = e.task ? tasks.get(e.task) : undefined;
  const ms = task?.opened_at ? between(task.opened_at, e.at) : undefined;
  return {
    key: `e${e.seq}`,
    node: e.title ?? '',
    who: personName(e.by, c.display, lang),
    to: (e.to ?? []).map((id) => targetName(id, c)).join(lang === 'en' ? ', ' : '、'),
    label: actionLabel(e.action, lang),
    comment: e.comment ?? '',
    reason: reasonText(e.reason, lang),
    at: e.at,
    took: ms === undefined ? '' : t('flow.took', { time: duration(ms, lang) }, lang),
    open: false,
  };
}

function waiting(c: CaseView, now: number, lang: Lang): TimelineItem[] {
  const out: TimelineItem[] = [];
  for (const node of flatten(c.tree)) {
    for (const task of node.tasks ?? []) {
      if (task.state !== 'open' || node.type === 'cc') continue;
      const since = task.opened_at ? parseInstant(task.opened_at) : undefined;
      out.push({
        key: `t${task.id ?? out.length}`,
        node: node.title ?? '',
        who: personName(task.assignee, c.display, lang),
        to: '',
        label: { text: t('flow.taskOpen', {}, lang), tone: 'active' },
        comment: '',
        reason: reasonText(task.reason, lang),
        at: '',
        took: since === undefined ? '' : t('flow.waiting', { time: duration(now - since, lang) }, lang),
        open: true,
      });
    }
  }
  return out;
}

/** How long the whole case took, or has been running. "" before it started. */
export function caseDuration(c: CaseView, now: number, lang: Lang): string {
  const from = c.started_at ? parseInstant(c.started_at) : undefined;
  if (from === undefined) return '';
  const to = c.ended_at ? (parseInstant(c.ended_at) ?? now) : now;
  return duration(Math.max(0, to - from), lang);
}

/** The state of the case with its tone. */
export const caseStatus = (c: Pick<CaseView, 'state'>, lang: Lang): Label => caseLabel(c.state, lang);

/** All nodes of a tree in drawing order, branches included. */
export function flatten(nodes: TreeNode[]): TreeNode[] {
  const out: TreeNode[] = [];
  for (const n of nodes) {
    out.push(n);
    for (const b of n.branches ?? []) out.push(...flatten(b.nodes));
  }
  return out;
}

/** A person's name, "System" for nobody. */
export function personName(id: string | undefined, display: Display | undefined, lang: Lang): string {
  if (!id || id === 'system') return t('common.system', {}, lang);
  return display?.users?.[id] ?? id;
}

function targetName(id: string, c: CaseView): string {
  return c.display?.users?.[id] ?? flatten(c.tree).find((n) => n.node === id)?.title ?? id;
}

function between(from: string, to: string): number | undefined {
  const a = parseInstant(from);
  const b = parseInstant(to);
  return a === undefined || b === undefined ? undefined : Math.max(0, b - a);
}
