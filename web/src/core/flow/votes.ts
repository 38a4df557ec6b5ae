import type { NodeTask, TreeNode, VoteCount } from '../api/types';
import type { Lang } from '../i18n';
import { tf } from './texts';

/**
 * How many have agreed of those who vote at a node. Opinions of delegates and
 * of signers asked before are no votes, and what was handed on is counted where it went.
 * undefined where one decision is enough, or there is one voter.
 */
export function votesOf(node: Pick<TreeNode, 'type' | 'mode' | 'tasks'>): VoteCount | undefined {
  if (node.type !== 'approve' || node.mode === 'any') return undefined;
  const tasks = node.tasks ?? [];
  const opinions = opinionIds(tasks);
  const votes = tasks.filter((x) => counts(x) && !opinions.has(x.id ?? x));
  const agreed = votes.filter((x) => agrees(x)).length;
  const refused = votes.filter((x) => x.result === 'reject').length;
  const total = votes.length;
  // Without a mode, one yes among several who are still asked tells that all of them count.
  const known = !!node.mode || (agreed > 0 && agreed < total) || agreed === total;
  if (total < 2 || !known) return undefined;
  return { agreed, refused, total, percent: Math.round((agreed * 100) / total) };
}

const counts = (x: NodeTask) =>
  x.state === 'open' || x.state === 'waiting' || x.state === 'delegated' || x.state === 'done' || passed(x);

/** Skipped because of an earlier agreement: it counts as one. */
const passed = (x: NodeTask) => x.state === 'skipped' && x.reason === 'dedupe';

const agrees = (x: NodeTask) => passed(x) || (x.state === 'done' && (x.result === 'approve' || x.result === 'handle'));

/** Tasks that only give an opinion, and delegated ones that were asked again since. */
function opinionIds(tasks: NodeTask[]): Set<unknown> {
  const byId = new Map(tasks.map((x) => [x.id, x]));
  const out = new Set<unknown>();
  for (const x of tasks) {
    const from = x.from ? byId.get(x.from) : undefined;
    if (x.opinion || x.added === 'before') out.add(x.id);
    if (from?.state !== 'delegated') continue;
    if (x.kind === 'confirm' || x.reason === 'back') out.add(from.id);
    else out.add(x.id);
  }
  // The task that asks again comes from the opinion, not from the delegated one.
  for (const x of tasks) {
    const opinion = x.from ? byId.get(x.from) : undefined;
    if (x.reason === 'back' && opinion && out.has(opinion.id) && opinion.from) out.add(opinion.from);
  }
  return out;
}

/** "同意 3/5（60%）". */
export function votesText(v: VoteCount, lang: Lang): string {
  const text = tf('flow.votes', { agreed: v.agreed, total: v.total, percent: v.percent }, lang);
  return v.refused ? `${text}${tf('flow.comma', {}, lang)}${tf('flow.votesAgainst', { n: v.refused }, lang)}` : text;
}

/** How the people of a node decide together; "" when one is asked. */
export function modeText(node: Pick<TreeNode, 'mode' | 'percent' | 'tasks'>, lang: Lang): string {
  if ((node.tasks?.length ?? 0) < 2) return '';
  const keys = { any: 'modeAny', all: 'modeAll', sequence: 'modeSequence', vote: 'modeVote' } as const;
  const key = keys[node.mode as keyof typeof keys];
  if (!key || (key === 'modeVote' && node.percent === undefined)) return '';
  return tf(`flow.${key}`, { percent: node.percent }, lang);
}
