import type { TreeNode } from '../api/types';
import { duration, formatTime } from '../format/date';
import { parseInstant } from '../formula/zone';
import type { Lang } from '../i18n';
import { tf } from './texts';

/** How a deadline stands, in words. */
export interface Deadline {
  text: string;
  /** When it is due, in words; "" while the clock is stopped. */
  at: string;
  late: boolean;
  /** Less than a day is left. */
  soon: boolean;
}

const day = 86_400_000;

/**
 * The deadline of a node or task: what is left, or how late it is. A decided
 * one says how late it was, and nothing when it was in time.
 */
export function deadlineOf(
  x: Pick<TreeNode, 'due' | 'left_minutes' | 'paused'> & { ended_at?: string },
  now: number,
  lang: Lang,
  zone = 'UTC',
): Deadline | undefined {
  const due = x.due ? parseInstant(x.due) : undefined;
  if (due === undefined || x.paused) return stopped(x.left_minutes, lang);
  const ended = x.ended_at ? parseInstant(x.ended_at) : undefined;
  if (ended !== undefined) {
    if (ended <= due) return undefined;
    return { text: tf('flow.wasLate', { time: duration(ended - due, lang) }, lang), at: '', late: true, soon: false };
  }
  const at = tf('flow.dueAt', { time: formatTime(x.due, lang, zone) }, lang);
  const late = now > due;
  const time = duration(Math.abs(due - now), lang);
  return { text: tf(late ? 'flow.overdue' : 'flow.left', { time }, lang), at, late, soon: !late && due - now < day };
}

function stopped(minutes: number | undefined, lang: Lang): Deadline | undefined {
  if (minutes === undefined) return undefined;
  if (minutes <= 0) return { text: tf('flow.pausedLate', {}, lang), at: '', late: true, soon: false };
  const text = tf('flow.paused', { time: duration(minutes * 60_000, lang) }, lang);
  return { text, at: '', late: false, soon: false };
}

/** How long a node took from the first task to the last decision, or has been open; undefined before it began. */
export function nodeDuration(n: TreeNode, now: number): number | undefined {
  const began = n.began_at ? [n.began_at] : (n.tasks ?? []).map((x) => x.opened_at);
  const from = times(began);
  if (!from.length || n.type === 'cc' || n.type === 'start') return undefined;
  const open = n.state === 'current';
  const to = open ? [now] : times(n.ended_at ? [n.ended_at] : (n.tasks ?? []).map((x) => x.done_at));
  if (!to.length) return undefined;
  return Math.max(0, Math.max(...to) - Math.min(...from));
}

const times = (list: (string | undefined)[]): number[] => list.flatMap((x) => (x ? (parseInstant(x) ?? []) : []));
