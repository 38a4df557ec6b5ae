/** Shapes of flows: cases, tasks, and what may be done with them. */

import type { FieldType, Json } from './form-types';
import type { CaseState, DataPatch, Display, FileInfo, RecordView } from './types';

/** One thing that happened in a case. */
export interface TimelineEntry {
  seq: number;
  at: string;
  /** Absent = automatic. */
  by?: string;
  action: string;
  node?: string;
  title?: string;
  comment?: string;
  /** User ids, or the node returned to. */
  to?: string[];
  reason?: string;
  /** The reason in words. */
  why?: string;
  /** Number of the task within the case; its id ends with it. */
  task?: number;
  /** Users named with @ in the comment. */
  mention?: string[];
  files?: FileInfo[];
  signature?: FileInfo;
  /** What else belongs to it: where a signer was added, the versions of a migration, the result of work. */
  detail?: Record<string, Json>;
}

export interface NodeTask {
  /** Absent in a prediction. */
  id?: string;
  assignee: string;
  kind?: string;
  state: 'open' | 'waiting' | 'done' | 'transferred' | 'delegated' | 'cancelled' | 'skipped' | 'expired';
  result?: string;
  reason?: string;
  /** The reason in words. */
  why?: string;
  comment?: string;
  opened_at?: string;
  done_at?: string;
  /** Whom the assignee stands in for. */
  principal?: string;
  /** Its result is an opinion: it decides nothing. */
  opinion?: boolean;
  /** How an added signer was added. */
  added?: 'before' | 'after' | 'beside';
  /** Id of the task it was transferred, delegated or added from. */
  from?: string;
  files?: FileInfo[];
  signature?: FileInfo;
}

export interface TreeBranch {
  title?: string;
  taken?: boolean;
  /** Why it was taken, or not, in words. */
  reason?: string;
  /** A prediction cannot tell yet: the condition reads fields that are blank. */
  undecided?: boolean;
  nodes: TreeNode[];
}

/** One piece of work outside that a node waits for. */
export interface WorkItem {
  item?: number;
  state: 'pending' | 'done' | 'failed' | 'skipped';
  /** Of a started case or a written record: "app.form.record". */
  ref?: string;
  title?: string;
  /** Of a started case: its final state. */
  result?: string;
  error?: string;
  tries?: number;
  next_at?: string;
}

/** How the votes of a node stand. */
export interface VoteCount {
  agreed: number;
  refused?: number;
  total: number;
  percent?: number;
}

export type NodeType =
  | 'start'
  | 'approve'
  | 'handle'
  | 'cc'
  | 'condition'
  | 'inclusive'
  | 'parallel'
  | 'subflow'
  | 'data'
  | 'call'
  | 'delay'
  | 'end';

export interface TreeNode {
  node: string;
  type: NodeType;
  title?: string;
  /** done, current, skipped, pending or not_taken. */
  state?: string;
  reason?: string;
  /** The reason in words. */
  why?: string;
  /** What a node without people does, in words. */
  note?: string;
  /** any, all, sequence or vote. */
  mode?: string;
  /** Of mode vote: how many percent must agree. */
  percent?: number;
  tasks?: NodeTask[];
  branches?: TreeBranch[];
  began_at?: string;
  ended_at?: string;
  due?: string;
  /** Working minutes left until it is due. */
  left_minutes?: number;
  /** The clock stands: the case was returned or suspended. */
  paused?: boolean;
  overdue?: boolean;
  work?: WorkItem[];
  /** Until when a delay waits. */
  until?: string;
  /** People that somebody chose for this node. */
  chosen?: string[];
}

/** Whom an action may be addressed to. */
export interface ActionTarget {
  kind: string;
  /** Only these users; absent = everybody. */
  from?: string[];
  min?: number;
  max?: number;
  /** Where a jump may go. */
  nodes?: { node: string; title: string }[];
}

/** A node whose people somebody must choose beforehand. */
export interface Choose {
  node: string;
  title: string;
  /** initiator, or whoever decides before it. */
  by?: string;
  min?: number;
  /** 0 or absent = no limit. */
  max?: number;
  /** Only these users; absent = everybody. */
  from?: string[];
}

/** What the user may do in a case. */
export interface CaseAction {
  kind: string;
  /** Task id; absent = an action on the case. */
  task?: string;
  /** The task's revision. */
  rev?: number;
  return_to?: { node: string; title: string }[];
  comment_required?: boolean;
  attachment_required?: boolean;
  signature_required?: boolean;
  label?: string;
  to?: ActionTarget;
  where?: ('before' | 'after' | 'beside')[];
  /** Jump: where to. */
  nodes?: { node: string; title: string }[];
  choose?: Choose[];
  /** Urge: when it is possible again. */
  not_before?: string;
  /** May be done to several tasks at once. */
  batch?: boolean;
  /** By an administrator's right. */
  admin?: boolean;
  node?: string;
  /** return: the case may come straight back from a node other than the start; resubmit: the way may be chosen. */
  back?: boolean;
}

export interface CaseView {
  id: string;
  form: string;
  record: string;
  state: CaseState;
  initiator: string;
  started_at?: string;
  ended_at?: string;
  timeline: TimelineEntry[];
  tree: TreeNode[];
  actions: CaseAction[];
  /** The case whose subflow this is. */
  parent?: LinkedCase;
  /** Subflows of this case. */
  children?: LinkedCase[];
  display?: Display;
}

/** Another case that belongs to this one; the id and title only where the reader may see it. */
export interface LinkedCase {
  case?: string;
  title?: string;
  form_title?: string;
  state?: CaseState;
  node?: string;
  node_title?: string;
}

export type TaskBox = 'todo' | 'done' | 'mine' | 'cc' | 'delegated';

/** One of the few facts shown with a task: a wire value and the type to format it by. */
export interface SummaryLine {
  field?: string;
  title: string;
  type?: FieldType;
  value: Json;
}

export interface TaskItem {
  id: string;
  form: string;
  form_title: string;
  app: string;
  record: string;
  title: string;
  summary?: SummaryLine[];
  node?: string;
  node_title?: string;
  state?: string;
  result?: string;
  initiator: string;
  opened_at?: string;
  done_at?: string;
  urged_at?: string;
  rev: number;
  kind?: string;
  case_state?: CaseState;
  handlers?: string[];
  assignee?: string;
  due?: string;
  overdue?: boolean;
  left_minutes?: number;
  paused?: boolean;
  principal?: string;
  added?: string;
  /** Actions that a batch may take: approve, reject. */
  can?: string[];
}

export interface TaskCounts {
  todo: number;
  done?: number;
  mine?: number;
  cc?: number;
  delegated?: number;
  overdue?: number;
  /** Unread notices. */
  notices?: number;
}

export type TaskAction =
  | 'approve'
  | 'reject'
  | 'return'
  | 'transfer'
  | 'handle'
  | 'delegate'
  | 'add_signer'
  | 'remove_signer'
  | 'take_back'
  | 'save';

/** What a decision or comment may carry beside its text. */
export interface Attached {
  comment?: string;
  mention?: string[];
  files?: string[];
  signature?: string;
  /** People for later nodes, by node id. */
  choose?: Record<string, string[]>;
}

export interface TaskCommand extends Attached {
  /** The task's revision. */
  rev: number;
  /** The record's revision, needed with data. */
  record_rev?: number;
  data?: DataPatch;
  /** Return: a node id; else users. */
  to?: string | string[];
  where?: string;
  /** Return: whoever it goes to comes straight back. */
  back?: boolean;
}

/** The case and record after an action; null for whoever may not see them any more. */
export interface TaskResult {
  task?: string;
  case: CaseView | null;
  record: RecordView | null;
}

export type CaseCommandKind =
  | 'withdraw'
  | 'resubmit'
  | 'urge'
  | 'cancel'
  | 'comment'
  | 'terminate'
  | 'suspend'
  | 'resume'
  | 'retry'
  | 'skip'
  | 'jump'
  | 'reassign';

export interface CaseCommand extends Attached {
  /** The record's revision, needed with data. */
  rev?: number;
  data?: DataPatch;
  /** Resubmit straight back to whoever returned it. */
  back?: boolean;
  to?: string | string[];
  /** Reassign: which task. */
  task?: string;
}

/** The path a record would take. */
export interface Prediction {
  tree: TreeNode[];
  display?: Display;
  choose?: Choose[];
  /** What cannot be told yet, in words. */
  warnings?: PredictionWarning[];
}

/** What a prediction cannot tell yet. */
export interface PredictionWarning {
  code: string;
  text: string;
  node?: string;
  title?: string;
  branch?: number;
  fields?: string[];
  path?: string;
}
