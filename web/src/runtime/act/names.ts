import type { CaseAction, TreeNode } from '../../core/api';
import { flatten } from '../../core/flow';
import type { T } from '../../texts';
import { type ActKey, ta } from './texts';

/** Actions whose names come with the core's texts. */
const known = {
  approve: 'task.approve',
  reject: 'task.reject',
  return: 'task.return',
  transfer: 'task.transfer',
  handle: 'task.handle',
  withdraw: 'task.withdraw',
  resubmit: 'task.resubmit',
  urge: 'task.urge',
  comment: 'task.comment',
} as const;

const own = new Set<string>([
  'delegate',
  'add_signer',
  'remove_signer',
  'take_back',
  'save',
  'cancel',
  'terminate',
  'suspend',
  'resume',
  'retry',
  'skip',
  'jump',
  'reassign',
]);

/** The label of an action: as the flow renames it, else its own. */
export function actionName(a: Pick<CaseAction, 'kind' | 'label'>, t: T): string {
  if (a.label) return a.label;
  const key = known[a.kind as keyof typeof known];
  if (key) return t(key);
  return own.has(a.kind) ? ta(`act.${a.kind as ActKey}`) : a.kind;
}

/** What an action does, in one sentence; "" where its name says it. */
export function actionNote(kind: string): string {
  const key = `act.note_${kind}` as const;
  const text = ta(key as `act.${ActKey}`);
  return text === key ? '' : text;
}

/** What is told when it has been done; undefined = the page has its own words. */
export function doneText(kind: string): string | undefined {
  const key = `act.done_${kind}`;
  const text = ta(key as `act.${ActKey}`);
  return text === key ? undefined : text;
}

/** Ends something for good, or takes it away from people: asked in red. */
export const isDanger = (kind: string): boolean => /^(reject|cancel|terminate|remove_signer|skip)$/.test(kind);

/** Actions on the case that only administrators have. */
const adminOnly = /^(terminate|suspend|resume|retry|skip|jump|reassign)$/;

/** Whether an action stands in the administrator's menu. */
export const isAdmin = (a: CaseAction): boolean => !!a.admin || adminOnly.test(a.kind);

/** Shown as buttons, the last the most important; all others go to the menu. */
const buttons = ['withdraw', 'urge', 'reject', 'resubmit', 'handle', 'approve'];

/** The actions of a case sorted by the place where they are offered. */
export function placed(actions: CaseAction[]): { buttons: CaseAction[]; menu: CaseAction[]; admin: CaseAction[] } {
  const mine = actions.filter((a) => !isAdmin(a));
  const shown = buttons.flatMap((kind) => mine.find((a) => a.kind === kind) ?? []);
  return {
    buttons: shown,
    menu: mine.filter((a) => !shown.includes(a)),
    admin: actions.filter((a) => isAdmin(a) && !doubled(a, actions)),
  };
}

/** An administrator's transfer is his reassigning by another name. */
const doubled = (a: CaseAction, all: CaseAction[]): boolean =>
  a.kind === 'transfer' && all.some((x) => x.kind === 'reassign');

/** Actions of one name, for each task one: offered once, the task is asked then. */
export function byKind(actions: CaseAction[]): CaseAction[][] {
  const out = new Map<string, CaseAction[]>();
  for (const a of actions) out.set(a.kind, [...(out.get(a.kind) ?? []), a]);
  return [...out.values()];
}

/** The name of an action, with its node where several have the same name. */
export function distinctName(a: CaseAction, all: CaseAction[], tree: TreeNode[], t: T): string {
  const action = actionName(a, t);
  if (all.filter((x) => actionName(x, t) === action).length < 2) return action;
  const node = nodeOf(a, tree);
  return node ? ta('act.ofNode', { action, node: node.title || node.node }) : action;
}

function nodeOf(a: CaseAction, tree: TreeNode[]): TreeNode | undefined {
  return flatten(tree).find((n) => (a.task ? n.tasks?.some((x) => x.id === a.task) : n.node === a.node));
}
