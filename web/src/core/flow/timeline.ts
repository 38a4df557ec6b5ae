import type { CaseView, FileInfo, NodeTask, TimelineEntry } from '../api/types';
import { duration } from '../format/date';
import { parseInstant } from '../formula/zone';
import type { Lang } from '../i18n';
import { type Deadline, deadlineOf } from './deadline';
import { actionLabel, addedText, caseLabel, type Label, opinionLabel, reasonText } from './labels';
import { flatten, personName, standsFor, tasksByNumber } from './people';
import { tf } from './texts';

/** One line of the timeline, ready to show. */
export interface TimelineItem {
  key: string;
  /** Titles of nodes; empty for what happens outside of one. */
  node: string;
  /** Who acted, or is waited for: "王 代 李" where he stands in. */
  who: string;
  /** The name alone, for the picture. */
  name: string;
  /** Nobody: the system did it. */
  automatic: boolean;
  /** Who is addressed: transferred to, copied to, returned to. */
  to: string;
  label: Label;
  comment: string;
  /** Names that the comment mentions. */
  mention: string[];
  files: FileInfo[];
  signature?: FileInfo;
  reason: string;
  /** How a signer was added, versions of a migration, what failed. */
  detail: string;
  /** RFC 3339; "" while it is open. */
  at: string;
  /** "took 3 hours", "waiting for 2 days". */
  took: string;
  deadline?: Deadline;
  /** Somebody is expected to act here. */
  open: boolean;
}

/** What happened, oldest first, followed by who is waited for now. */
export function timeline(c: CaseView, now: number, lang: Lang, zone = 'UTC'): TimelineItem[] {
  const tasks = tasksByNumber(c.tree);
  const past = [...c.timeline].sort((a, b) => a.seq - b.seq).map((e) => entry(e, c, tasks, lang));
  return [...past, ...waiting(c, now, lang, zone)];
}

function entry(e: TimelineEntry, c: CaseView, tasks: Map<number, NodeTask>, lang: Lang): TimelineItem {
  const task = e.task ? tasks.get(e.task) : undefined;
  // Only what decides a task took the time since it was opened.
  const decides = !!task?.done_at && task.done_at === e.at;
  const ms = decides && task?.opened_at ? between(task.opened_at, e.at) : undefined;
  const stands = task && e.by === task.assignee ? task.principal : undefined;
  return {
    key: `e${e.seq}`,
    node: e.title ?? '',
    who: standsFor(e.by, stands, c.display, lang),
    name: personName(e.by, c.display, lang),
    automatic: !e.by || e.by === 'system',
    to: (e.to ?? []).map((id) => targetName(id, c)).join(tf('flow.comma', {}, lang)),
    label: labelOf(e, decides && !!task?.opinion, lang),
    comment: e.comment ?? '',
    mention: (e.mention ?? []).map((id) => personName(id, c.display, lang)),
    files: e.files ?? [],
    signature: e.signature,
    reason: e.why || reasonText(e.reason, lang),
    detail: detailText(e, lang),
    at: e.at,
    took: ms === undefined ? '' : tf('flow.took', { time: duration(ms, lang) }, lang),
    open: false,
  };
}

function labelOf(e: TimelineEntry, opinion: boolean, lang: Lang): Label {
  if (e.action === 'end') return endLabel(e, lang);
  return opinion ? opinionLabel(e.action, lang) : actionLabel(e.action, lang);
}

/** The last line says how it ended. */
function endLabel(e: TimelineEntry, lang: Lang): Label {
  const state = e.detail?.state;
  return typeof state === 'string' ? caseLabel(state, lang) : actionLabel('end', lang);
}

function detailText(e: TimelineEntry, lang: Lang): string {
  const d = e.detail ?? {};
  const versions =
    d.to_version !== undefined ? tf('flow.versions', { from: d.from_version, to: d.to_version }, lang) : '';
  const error = typeof d.error === 'string' ? d.error : '';
  return [addedText(d.where, lang), versions, error].filter(Boolean).join(' · ');
}

function waiting(c: CaseView, now: number, lang: Lang, zone: string): TimelineItem[] {
  const out: TimelineItem[] = [];
  for (const node of flatten(c.tree)) {
    for (const task of node.tasks ?? []) {
      if (task.state !== 'open' || node.type === 'cc') continue;
      const since = task.opened_at ? parseInstant(task.opened_at) : undefined;
      out.push({
        key: `t${task.id ?? out.length}`,
        node: node.title ?? '',
        who: standsFor(task.assignee, task.principal, c.display, lang),
        name: personName(task.assignee, c.display, lang),
        automatic: false,
        to: '',
        label: { text: tf('flow.taskOpen', {}, lang), tone: 'active' },
        comment: '',
        mention: [],
        files: [],
        reason: task.why || reasonText(task.reason, lang),
        detail: addedText(task.added, lang),
        at: '',
        took: since === undefined ? '' : tf('flow.waiting', { time: duration(now - since, lang) }, lang),
        deadline: deadlineOf(node, now, lang, zone),
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

function targetName(id: string, c: CaseView): string {
  return c.display?.users?.[id] ?? flatten(c.tree).find((n) => n.node === id)?.title ?? id;
}

function between(from: string, to: string): number | undefined {
  const a = parseInstant(from);
  const b = parseInstant(to);
  return a === undefined || b === undefined ? undefined : Math.max(0, b - a);
}

/** A piece of a comment: plain, or the name of somebody mentioned. */
export interface CommentPart {
  text: string;
  mention: boolean;
}

/** A comment cut at the names it mentions; longer names first, so that "王五一" is not read as "王五". */
export function commentParts(text: string, names: string[]): CommentPart[] {
  const marks = [...names].sort((a, b) => b.length - a.length).map((n) => `@${n}`);
  const out: CommentPart[] = [];
  let plain = '';
  for (let i = 0; i < text.length; ) {
    const mark = marks.find((m) => text.startsWith(m, i));
    if (mark) {
      if (plain) out.push({ text: plain, mention: false });
      plain = '';
      out.push({ text: mark, mention: true });
      i += mark.length;
    } else plain += text[i++];
  }
  if (plain) out.push({ text: plain, mention: false });
  return out;
}

/** Names that are mentioned beside the text: not written in it. */
export const unwritten = (text: string, names: string[]): string[] => names.filter((n) => !text.includes(`@${n}`));
