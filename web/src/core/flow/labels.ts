import type { CaseState, NodeTask, NodeType, WorkItem } from '../api/types';
import type { Lang } from '../i18n';
import { type flow, tf } from './texts';

/** What a state or verdict means, for its colour. Never the only carrier: there is always a text too. */
export type Tone = 'neutral' | 'active' | 'success' | 'danger' | 'warning';

type Word = keyof (typeof flow)['zh-CN'];
type Known<K extends string> = Record<K, [Word, Tone]>;

const caseStates: Known<CaseState> = {
  draft: ['stateDraft', 'neutral'],
  running: ['stateRunning', 'active'],
  returned: ['stateReturned', 'warning'],
  suspended: ['stateSuspended', 'neutral'],
  approved: ['stateApproved', 'success'],
  rejected: ['stateRejected', 'danger'],
  withdrawn: ['stateWithdrawn', 'neutral'],
  terminated: ['stateTerminated', 'neutral'],
  error: ['stateError', 'danger'],
};

const actions: Known<string> = {
  submit: ['actSubmit', 'success'],
  approve: ['actApprove', 'success'],
  reject: ['actReject', 'danger'],
  return: ['actReturn', 'warning'],
  handle: ['actHandle', 'success'],
  transfer: ['actTransfer', 'neutral'],
  delegate: ['actDelegate', 'neutral'],
  add_signer: ['actAddSigner', 'neutral'],
  remove_signer: ['actRemoveSigner', 'neutral'],
  take_back: ['actTakeBack', 'warning'],
  save: ['actSave', 'neutral'],
  opinion: ['actOpinion', 'neutral'],
  withdraw: ['actWithdraw', 'neutral'],
  cancel: ['actCancel', 'neutral'],
  resubmit: ['actResubmit', 'success'],
  urge: ['actUrge', 'warning'],
  comment: ['actComment', 'neutral'],
  terminate: ['actTerminate', 'danger'],
  reassign: ['actReassign', 'neutral'],
  jump: ['actJump', 'warning'],
  suspend: ['actSuspend', 'warning'],
  resume: ['actResume', 'neutral'],
  retry: ['actRetry', 'neutral'],
  skip: ['actSkip', 'neutral'],
  migrate: ['actMigrate', 'neutral'],
  timer: ['actTimer', 'warning'],
  result: ['actResult', 'neutral'],
  leaver: ['actLeaver', 'neutral'],
  cc: ['actCc', 'neutral'],
  auto: ['actAuto', 'neutral'],
  end: ['actEnd', 'neutral'],
};

const taskStates: Known<NodeTask['state']> = {
  open: ['taskOpen', 'active'],
  waiting: ['taskWaiting', 'neutral'],
  done: ['taskDone', 'success'],
  transferred: ['taskTransferred', 'neutral'],
  delegated: ['taskDelegated', 'neutral'],
  cancelled: ['taskCancelled', 'neutral'],
  skipped: ['taskSkipped', 'neutral'],
  expired: ['taskExpired', 'warning'],
};

const workStates: Known<WorkItem['state']> = {
  pending: ['workPending', 'active'],
  done: ['workDone', 'success'],
  failed: ['workFailed', 'danger'],
  skipped: ['workSkipped', 'neutral'],
};

const nodeTypes: Record<NodeType, Word> = {
  start: 'typeStart',
  approve: 'typeApprove',
  handle: 'typeHandle',
  cc: 'typeCc',
  condition: 'typeCondition',
  inclusive: 'typeInclusive',
  parallel: 'typeParallel',
  subflow: 'typeSubflow',
  data: 'typeData',
  call: 'typeCall',
  delay: 'typeDelay',
  end: 'typeEnd',
};

const reasons: Record<string, Word> = {
  empty: 'reasonEmpty',
  self: 'reasonSelf',
  manager: 'reasonManager',
  dedupe: 'reasonDedupe',
  decided: 'reasonDecided',
  returned: 'reasonReturned',
  rejected: 'reasonRejected',
  withdrawn: 'reasonWithdrawn',
  ended: 'reasonEnded',
  back: 'reasonBack',
  admin: 'reasonAdmin',
  delegated: 'reasonDelegated',
  leaver: 'reasonLeaver',
  deadline: 'reasonDeadline',
  added: 'reasonAdded',
  removed: 'reasonRemoved',
  taken_back: 'reasonTakenBack',
  jump: 'reasonJump',
  migrated: 'reasonMigrated',
  outvoted: 'reasonOutvoted',
  suspended: 'reasonSuspended',
  chosen: 'reasonChosen',
};

/** A text with its tone. */
export interface Label {
  text: string;
  tone: Tone;
}

const label = (known: Known<string>, raw: string, lang?: Lang): Label => {
  const found = Object.hasOwn(known, raw) ? known[raw] : undefined;
  return found ? { text: tf(`flow.${found[0]}`, {}, lang), tone: found[1] } : { text: raw, tone: 'neutral' };
};

/** The label of a case's state. */
export const caseLabel = (state: string, lang?: Lang): Label => label(caseStates, state, lang);

/** The label of an action or a task's result; an unknown one shows its own name. */
export const actionLabel = (action: string, lang?: Lang): Label => label(actions, action, lang);

/** The label of a result that decides nothing. */
export function opinionLabel(result: string, lang?: Lang): Label {
  const { text, tone } = actionLabel(result, lang);
  return { text: tf('flow.opinionOf', { result: text }, lang), tone };
}

/** The label of a task: its result once there is one, else its state. */
export function taskLabel(task: Pick<NodeTask, 'state' | 'result' | 'opinion'>, lang?: Lang): Label {
  if (task.opinion && task.state === 'done' && task.result) return opinionLabel(task.result, lang);
  return task.state === 'done' && task.result ? actionLabel(task.result, lang) : label(taskStates, task.state, lang);
}

/** The label of a piece of work. */
export const workLabel = (state: string, lang?: Lang): Label => label(workStates, state, lang);

/** What kind of node it is. */
export const nodeTypeText = (type: NodeType, lang?: Lang): string =>
  nodeTypes[type] ? tf(`flow.${nodeTypes[type]}`, {}, lang) : type;

/** Why something was decided automatically; texts of the server come back as they are. */
export const reasonText = (reason: string | undefined, lang?: Lang): string => {
  const key = Object.hasOwn(reasons, reason ?? '') ? reasons[reason as string] : undefined;
  return key ? tf(`flow.${key}`, {}, lang) : (reason ?? '');
};

const added = { before: 'addedBefore', after: 'addedAfter', beside: 'addedBeside' } as const;

/** How a signer was added; "" for nothing known. */
export const addedText = (where: unknown, lang?: Lang): string => {
  const key = added[where as keyof typeof added];
  return key ? tf(`flow.${key}`, {}, lang) : '';
};
