/** Shapes of batches, the user's own pages, analytics and explanations. */

import type { NodeType } from './flow-types';
import type { Display } from './types';

/** What became of one task of a batch. */
export interface BatchItem {
  id: string;
  ok: boolean;
  status?: number;
  code?: string;
  detail?: string;
}

/** Somebody who decides in another's place for a time. */
export interface Delegation {
  id: string;
  user: string;
  delegate: string;
  from: string;
  until: string;
  /** "app" or "app.form"; absent = everything. */
  forms?: string[];
  note?: string;
  state?: 'planned' | 'active' | 'ended';
  rev?: number;
  created_at?: string;
  ended_at?: string;
}

/** Own delegations, and those by which the user stands in for others. */
export interface Delegations {
  items: Delegation[];
  standing_for?: Delegation[];
  display?: Display;
}

/** What somebody often writes: his own, and the organisation's. */
export interface Phrases {
  items: string[];
  common?: string[];
}

/** A session of the user on some device. */
export interface SessionInfo {
  id: string;
  created_at: string;
  expires_at?: string;
  seen_at?: string;
  addr?: string;
  agent?: string;
  current?: boolean;
}

/** How a flow fares. Durations are minutes of working time; null where nothing ended. */
export interface FlowStats {
  form: string;
  title: string;
  from: string;
  until: string;
  /** Only the newest `cap` facts of the range were counted. */
  capped?: boolean;
  cap?: number;
  cases: CaseStats;
  nodes: NodeStats[];
  people?: PersonStats[];
  weeks?: WeekStats[];
  /** Oldest open tasks first. */
  bottleneck?: OpenStats[];
  display?: Display;
}

export interface CaseStats {
  count: number;
  median_minutes: number | null;
  p90_minutes: number | null;
  median_calendar_minutes?: number | null;
  p90_calendar_minutes?: number | null;
  running: number;
  overdue: number;
  returned: number;
  rejected: number;
  approved?: number;
  withdrawn?: number;
}

export interface NodeStats {
  node: string;
  title: string;
  type?: NodeType;
  count: number;
  median: number | null;
  p90: number | null;
  overdue: number;
  /** 0–1 as a decimal string. */
  return_rate: string;
  open: number;
  oldest_minutes?: number | null;
  /** Who is waited for, most loaded first. */
  waiting?: string[];
}

export interface PersonStats {
  user: string;
  open: number;
  overdue_open?: number;
  oldest_minutes?: number | null;
  count: number;
  median: number | null;
  p90?: number | null;
  overdue?: number;
  returned?: number;
}

export interface WeekStats {
  week: string;
  from: string;
  cases: number;
  approved?: number;
  rejected?: number;
  median_minutes: number | null;
  overdue?: number;
  visits?: number;
}

export interface OpenStats {
  case?: string;
  title: string;
  node: string;
  node_title: string;
  user: string;
  opened_at: string;
  minutes: number;
  overdue?: boolean;
}

/** Why something is allowed, or not: one ground, in words. */
export interface Reason {
  allowed: boolean;
  code: string;
  source?: string;
  group_title?: string;
  text: string;
}

/** Why a user may, or may not, do an operation on a record. */
export interface Explanation {
  op: string;
  allowed: boolean;
  text: string;
  reasons: Reason[];
  field?: { field: string; title: string; right: string; text: string; reasons: Reason[] };
}

/** Why these people are asked at a node. */
export interface NodeExplanation {
  node: string;
  title: string;
  mode?: string;
  text?: string;
  items: {
    task?: string;
    user: string;
    state?: string;
    from?: { kind: string; text: string }[];
    steps?: { kind: string; text: string; at?: string }[];
    text?: string;
  }[];
  none?: { policy: string; text: string };
  display?: Display;
}
