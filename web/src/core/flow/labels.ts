import type { CaseState, NodeTask, TreeNode } from '../api/types';
import { type Key, type Lang, t } from '../i18n';

/** What a state or verdict means, for its colour. Never the only carrier: there is always a text too. */
export type Tone = 'neutral' | 'active' | 'success' | 'danger' | 'warning';

const caseStates: Record<CaseState, [Key, Tone]> = {
  draft: ['flow.stateDraft', 'neutral'],
  running: ['flow.stateRunning', 'active'],
  returned: ['flow.stateReturned', 'warning'],
  suspended: ['flow.stateSuspended', 'neutral'],
  approved: ['flow.stateApproved', 'success'],
  rejected: ['flow.stateRejected', 'danger'],
  withdrawn: ['flow.stateWithdrawn', 'neutral'],
  terminated: ['flow.stateTerminated', 'neutral'],
  error: ['flow.stateError', 'danger'],
};

const actions: Record<string, [Key, Tone]> = {
  submit: ['flow.actSubmit', 'success'],
  approve: ['flow.actApprove', 'success'],
  reject: ['flow.actReject', 'danger'],
  return: ['flow.actReturn', 'warning'],
  handle: ['flow.actHandle', 'success'],
  transfer: ['flow.actTransfer', 'neutral'],
  withdraw: ['flow.actWithdraw', 'neutral'],
  resubmit: ['flow.actResubmit', 'success'],
  urge: ['flow.actUrge', 'warning'],
  comment: ['flow.actComment', 'neutral'],
  terminate: ['flow.actTerminate', 'danger'],
  cc: ['flow.actCc', 'neutral'],
  auto: ['flow.actAuto', 'neutral'],
  skip: ['flow.actSkip', 'neutral'],
  end: ['flow.actEnd', 'neutral'],
};

const taskStates: Record<NodeTask['state'], [Key, Tone]> = {
  open: ['flow.taskOpen', 'active'],
  waiting: ['flow.taskWaiting', 'neutral'],
  done: ['flow.taskDone', 'success'],
  transferred: ['flow.taskTransferred', 'neutral'],
  cancelled: ['flow.taskCancelled', 'neutral'],
  skipped: ['flow.taskSkipped', 'neutral'],
};

const nodeTypes: Record<TreeNode['type'], Key> = {
  start: 'flow.typeStart',
  approve: 'flow.typeApprove',
  handle: 'flow.typeHandle',
  cc: 'flow.typeCc',
  condition: 'flow.typeCondition',
  parallel: 'flow.typeParallel',
  end: 'flow.typeEnd',
};

const reasons: Record<string, Key> = {
  empty: 'flow.reasonEmpty',
  self: 'flow.reasonSelf',
  dedupe: 'flow.reasonDedupe',
  admin: 'flow.reasonAdmin',
  other: 'flow.reasonOther',
};

/** A text with its tone. */
export interface Label {
  text: string;
  tone: Tone;
}

const label = (found: [Key, Tone] | undefined, raw: string, lang?: Lang): Label =>
  found ? { text: t(found[0], {}, lang), tone: found[1] } : { text: raw, tone: 'neutral' };

/** The label of a case's state. */
export const caseLabel = (state: string, lang?: Lang): Label => label(caseStates[state as CaseState], state, lang);

/** The label of an action or a task's result; an unknown one shows its own name. */
export const actionLabel = (action: string, lang?: Lang): Label => label(actions[action], action, lang);

/** The label of a task: its result once there is one, else its state. */
export function taskLabel(task: Pick<NodeTask, 'state' | 'result'>, lang?: Lang): Label {
  return task.state === 'done' && task.result
    ? actionLabel(task.result, lang)
    : label(taskStates[task.state], task.state, lang);
}

/** What kind of node it is. */
export const nodeTypeText = (type: TreeNode['type'], lang?: Lang): string =>
  nodeTypes[type] ? t(nodeTypes[type], {}, lang) : type;

/** Why something was decided automatically; texts of the server come back as they are. */
export const reasonText = (reason: string | undefined, lang?: Lang): string => {
  const key = reasons[reason ?? ''];
  return key ? t(key, {}, lang) : (reason ?? '');
};
