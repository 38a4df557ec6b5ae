import type { Client } from './client';
import type { Cancel } from './endpoints';
import { newId } from './ids';
import type {
  BatchItem,
  Comment,
  Delegation,
  Delegations,
  Explanation,
  FlowStats,
  NodeExplanation,
  Page,
  Phrases,
  SessionInfo,
} from './types';

const v1 = '/api/v1';
const seg = encodeURIComponent;

/** Calls that no first form needs: they come with the pages that use them. */
export function createMore(c: Client) {
  return { ...work(c), ...mine(c), ...reasons(c) };
}

const comments = (form: string, record: string) => `${v1}/forms/${seg(form)}/records/${seg(record)}/comments`;

function work(c: Client) {
  return {
    /** Decides up to 50 tasks; each has an outcome of its own. */
    batch: (action: string, items: { id: string; rev: number }[], comment: string, key = newId()) =>
      c.call<{ items: BatchItem[] }>('POST', `${v1}/tasks/batch`, {
        body: { action, items, comment: comment || undefined },
        idempotencyKey: key,
        timeout: 120_000,
      }),
    /** Comments of a record that has no flow; those of a case are lines of its timeline. */
    comments: (form: string, record: string, query: { cursor?: string } = {}, o?: Cancel) =>
      c.call<Page<Comment>>('GET', comments(form, record), { query, ...o }),
    comment: (
      form: string,
      record: string,
      body: { text: string; mention?: string[]; files?: string[] },
      key: string,
    ) => c.call<Comment>('POST', comments(form, record), { body, idempotencyKey: key }),
    stats: (form: string, query: { from?: string; until?: string }, o?: Cancel) =>
      c.call<FlowStats>('GET', `${v1}/flows/${seg(form)}/stats`, { query, ...o }),
  };
}

/** What a delegation is made of. */
export interface DelegationInput {
  delegate: string;
  from: string;
  until: string;
  forms?: string[];
  note?: string;
}

function mine(c: Client) {
  const at = (id: string) => `${v1}/delegations/${seg(id)}`;
  return {
    delegations: (o?: Cancel) => c.call<Delegations>('GET', `${v1}/delegations`, o),
    delegate: (body: DelegationInput) =>
      c.call<Delegation>('POST', `${v1}/delegations`, { body, idempotencyKey: newId() }),
    changeDelegation: (id: string, body: Partial<DelegationInput> & { rev?: number }) =>
      c.call<Delegation>('PATCH', at(id), { body }),
    endDelegation: (id: string) => c.call<void>('DELETE', at(id)),
    phrases: (o?: Cancel) => c.call<Phrases>('GET', `${v1}/me/phrases`, o),
    savePhrases: (items: string[]) => c.call<Phrases>('PUT', `${v1}/me/phrases`, { body: { items } }),
    sessions: (o?: Cancel) => c.call<Page<SessionInfo>>('GET', `${v1}/sessions`, o),
    endSession: (id: string) => c.call<void>('DELETE', `${v1}/sessions/${seg(id)}`),
    endOtherSessions: () => c.call<void>('DELETE', `${v1}/sessions`),
  };
}

function reasons(c: Client) {
  return {
    explain: (form: string, record: string, query: { op?: string; field?: string }, o?: Cancel) =>
      c.call<Explanation>('GET', `${v1}/forms/${seg(form)}/records/${seg(record)}/explain`, { query, ...o }),
    explainNode: (id: string, node: string, o?: Cancel) =>
      c.call<NodeExplanation>('GET', `${v1}/cases/${seg(id)}/explain`, { query: { node }, ...o }),
  };
}
