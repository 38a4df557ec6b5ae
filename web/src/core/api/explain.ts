import type { Client } from './client';
import type { Cancel } from './endpoints';
import type { Display } from './types';

/** One line of an explanation; the first one decides. */
export interface Reason {
  allowed: boolean;
  code: string;
  source: 'group' | 'flow' | 'author' | 'plane' | 'form';
  group?: string;
  group_title?: string;
  member?: string;
  text: string;
}

/** Everything one person may do with one record, or with a form as a whole. */
export interface AccessMatrix {
  user: string;
  form: string;
  record?: string;
  title?: string;
  ops: { op: string; title: string; allowed: boolean; text: string; reason: Reason }[];
  /** Columns stand right behind their subtable, as "lines.qty". */
  fields: {
    field: string;
    title: string;
    right: 'hidden' | 'masked' | 'read' | 'write';
    text: string;
    reason: Reason;
  }[];
  rows?: Record<string, string[]>;
  menu?: { shown: boolean; text: string };
  display?: Display;
}

/** Why one thing is, or is not, allowed. */
export interface Explanation {
  allowed: boolean;
  text: string;
  reasons: Reason[];
  field?: { field: string; title: string; right: string; text: string; reasons: Reason[] };
}

interface Question {
  form: string;
  user: string;
  record?: string;
}

const path = '/api/admin/v1/explain';

/** The administrator's questions about anybody's rights. */
export function createExplainApi(c: Client) {
  return {
    matrix: (query: Question, o?: Cancel) => c.call<AccessMatrix>('GET', path, { query: { ...query }, ...o }),
    why: (query: Question & { op?: string; field?: string }, o?: Cancel) =>
      c.call<Explanation>('GET', path, { query: { ...query }, ...o }),
  };
}
