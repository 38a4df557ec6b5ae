import type { CaseAction, Choose, TaskCommand } from '../../core/api';
import type { ActKey } from './texts';

/** Everything a person may give with an action. */
export interface Given {
  comment: string;
  /** Users or a node. */
  to: string[];
  where: string;
  /** Return: whoever it goes to comes straight back. */
  back: boolean;
  mention: string[];
  files: string[];
  signature: string;
  choose: Record<string, string[]>;
  /** Reassign: which task. */
  task: string;
}

/** What an action asks for. */
export interface Plan {
  /** One of some nodes: return, jump. */
  nodes?: { node: string; title: string }[];
  /** People; `title` is the key of the question. */
  people?: { title: ActKey | 'transferTo'; min: number; max: number; from?: string[] };
  where?: string[];
  /** The fields of the node may be filled. */
  fields: boolean;
  comment: 'none' | 'optional' | 'required';
  files: 'none' | 'optional' | 'required';
  signature: boolean;
  mention: boolean;
  choose: Choose[];
  /** Reassign: one of several tasks. */
  task: boolean;
}

const peopleTitles: Record<string, ActKey | 'transferTo'> = {
  transfer: 'transferTo',
  delegate: 'delegateTo',
  add_signer: 'addTo',
  remove_signer: 'removeWho',
  reassign: 'reassignTo',
};

/** Kinds that end or move a case by an administrator's hand: they say why. */
const reasoned = /^(terminate|suspend|jump|reassign|skip|cancel)$/;
/** Kinds that carry an opinion, and with it files. */
const opinion = /^(approve|reject|handle|return|comment|delegate|add_signer|transfer)$/;
const unlimited = 50;

/** What the sheet of an action asks; `oneOf` tells that one of several tasks is meant. */
export function planOf(a: CaseAction, oneOf = false): Plan {
  const several = a.kind === 'add_signer' || a.kind === 'remove_signer';
  const title = peopleTitles[a.kind];
  return {
    nodes: a.kind === 'return' ? (a.return_to ?? []) : a.kind === 'jump' ? (a.to?.nodes ?? a.nodes ?? []) : undefined,
    people: title && {
      title,
      min: a.to?.min ?? 1,
      max: a.to?.max || (several ? unlimited : 1),
      from: a.to?.from,
    },
    where: a.kind === 'add_signer' ? (a.where ?? ['before']) : undefined,
    fields: a.kind === 'approve' || a.kind === 'handle' || a.kind === 'save',
    comment: commentOf(a),
    files: a.attachment_required ? 'required' : opinion.test(a.kind) ? 'optional' : 'none',
    signature: !!a.signature_required,
    mention: opinion.test(a.kind),
    choose: a.choose ?? [],
    task: oneOf || (a.kind === 'reassign' && !a.task),
  };
}

function commentOf(a: CaseAction): Plan['comment'] {
  if (a.kind === 'save') return 'none';
  if (a.comment_required || a.kind === 'comment' || reasoned.test(a.kind)) return 'required';
  return 'optional';
}

/** The first thing that is missing: its part of the sheet and the text that says so. */
export interface Problem {
  part: 'nodes' | 'people' | 'task' | 'comment' | 'files' | 'signature' | `choose-${string}`;
  text: ActKey | 'needComment' | 'mustChoose';
  n?: number;
}

/** What is still missing before the action can be sent; undefined = nothing. `signed` tells whether the pad has a drawing. */
export function missing(a: CaseAction, g: Given, signed: boolean, oneOf = false): Problem | undefined {
  const plan = planOf(a, oneOf);
  if (plan.task && !g.task) return { part: 'task', text: 'needTask' };
  if (plan.nodes && !g.to.length) return { part: 'nodes', text: a.kind === 'jump' ? 'needNode' : 'mustChoose' };
  if (plan.people) {
    const bad = countProblem('people', g.to.length, plan.people.min, plan.people.max);
    if (bad) return bad;
  }
  for (const c of plan.choose) {
    const bad = countProblem(`choose-${c.node}`, g.choose[c.node]?.length ?? 0, c.min ?? 1, c.max || unlimited);
    if (bad) return bad;
  }
  if (plan.comment === 'required' && !g.comment.trim())
    return { part: 'comment', text: reasoned.test(a.kind) ? 'needReason' : 'needComment' };
  if (plan.files === 'required' && !g.files.length) return { part: 'files', text: 'needFile' };
  if (plan.signature && !g.signature && !signed) return { part: 'signature', text: 'needSignature' };
  return undefined;
}

/** Too few or too many people. */
export function countProblem(part: Problem['part'], n: number, min: number, max: number): Problem | undefined {
  if (n < min) return n === 0 && min === 1 ? { part, text: 'needPeople' } : { part, text: 'tooFew', n: min };
  return n > max ? { part, text: 'tooMany', n: max } : undefined;
}

/** Whether the reason of an action is asked as a reason, not as an opinion. */
export const asksReason = (kind: string): boolean => reasoned.test(kind) || /^(resume|retry|take_back)$/.test(kind);

/** The body without what was not given. Mentions count only while their names stand in the comment: see mentions. */
export function bodyOf(a: CaseAction, g: Given): Omit<TaskCommand, 'rev'> & { task?: string } {
  const plan = planOf(a);
  const list = <V>(l: V[]) => (l.length ? l : undefined);
  const to = plan.people ? g.to : plan.nodes ? g.to[0] : undefined;
  return {
    comment: plan.comment === 'none' ? undefined : g.comment.trim() || undefined,
    to: Array.isArray(to) && plan.people?.max === 1 ? to[0] : to,
    where: plan.where ? g.where : undefined,
    back: g.back || undefined,
    mention: list(g.mention),
    files: list(g.files),
    signature: g.signature || undefined,
    choose: plan.choose.length ? g.choose : undefined,
    task: a.kind === 'reassign' ? g.task || a.task : undefined,
  };
}

/** Ids of the people whose names are still written with @ in the text. */
export function mentions(text: string, named: Record<string, string>): string[] {
  return Object.entries(named).flatMap(([id, name]) => (text.includes(`@${name}`) ? [id] : []));
}

/** The place of a freshly typed "@", or -1: what opens the choice of people. */
export function typedAt(before: string, after: string): number {
  if (after.length !== before.length + 1) return -1;
  let i = 0;
  while (i < before.length && before[i] === after[i]) i++;
  const at = after[i] === '@' && before.slice(i) === after.slice(i + 1) ? i : -1;
  // In the middle of a word it is an address, not a person.
  return at > 0 && /[\w.]/.test(after[at - 1] ?? '') ? -1 : at;
}
