import type { ApiError, Display } from '../../core/api';
import { formatTime } from '../../core/format';
import type { Lang } from '../../core/i18n';
import { textOf } from '../../kit';
import { api } from '../api';
import { type ActKey, ta } from './texts';

/** What may have become of a task, each with a word of its own. */
const known = new Set([
  'approve',
  'reject',
  'return',
  'handle',
  'transferred',
  'delegated',
  'skipped',
  'expired',
  'withdrawn',
  'returned',
  'rejected',
  'ended',
  'taken_back',
  'jump',
]);

/** What became of the task meanwhile, as part of a sentence: its own result, else what took it away. */
export function outcome(params: Record<string, unknown>): string {
  const { result, state, reason } = params;
  return [result, state === 'cancelled' ? reason : state].map(String).find((x) => known.has(x)) ?? 'done';
}

/** Who was faster and what he did, where the server tells; else that it has changed. */
export async function clashText(e: ApiError, display: Display, lang: Lang, zone: string): Promise<string> {
  if (e.code === 'task.stale') return ta('act.changed', {}, lang);
  if (e.code !== 'task.not_open') return textOf(e);
  const result = ta(`act.r_${outcome(e.params)}` as `act.${ActKey}`, {}, lang);
  const by = typeof e.params.by === 'string' ? e.params.by : '';
  const name = by && (display.users?.[by] ?? (await nameOf(by)));
  if (!name) return ta('act.decided', { result }, lang);
  const time = typeof e.params.at === 'string' ? formatTime(e.params.at, lang, zone) : '';
  return ta('act.decidedBy', { name, time, result }, lang);
}

async function nameOf(id: string): Promise<string> {
  try {
    return (await api.org('users', { ids: [id] })).items[0]?.name ?? '';
  } catch {
    return '';
  }
}

/** Why an urge was refused: when it is possible again. */
export function urgeText(e: ApiError, lang: Lang, zone: string): string {
  const next = typeof e.params.next === 'string' ? e.params.next : '';
  if (e.code !== 'urge.too_soon' || !next) return textOf(e);
  return ta('act.urgeSoon', { time: formatTime(next, lang, zone).slice(-5) }, lang);
}
