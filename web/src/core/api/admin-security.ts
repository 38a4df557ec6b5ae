import type { ApiKey, AuditEntry } from './admin';
import type { Client } from './client';
import type { Cancel } from './endpoints';
import type { SessionInfo, TotpState } from './security';
import type { Display, Page } from './types';

/** The organisation's rules of logging in; each part is replaced as a whole. */
export interface SecuritySettings {
  password: { min_length: number; classes: number; history: number; max_age_days: number };
  /** After so many failures an account waits for an administrator; 0 = never. */
  lockout: { after: number };
  totp: { required: 'none' | 'admins' | 'all' };
  /** Networks ("203.0.113.0/24") or addresses; empty = from everywhere. */
  addresses: { all: string[]; admin: string[]; keys: string[] };
}

/** How an account is protected, as an administrator sees it. */
export interface UserSecurity {
  locked: boolean;
  locked_at?: string;
  totp: TotpState;
  password: { set: boolean; changed_at?: string; expires_at?: string; must_change: boolean };
  sessions: SessionInfo[];
  keys: ApiKey[];
}

export interface AuditQuery {
  by?: string;
  /** Actions or kinds, with commas. */
  action?: string;
  form?: string;
  record?: string;
  /** RFC 3339. */
  from?: string;
  to?: string;
  ip?: string;
  q?: string;
  cursor?: string;
  limit?: number;
  [extra: string]: unknown;
}

/** The sealed end of the log. */
export interface AuditHead {
  seq: number;
  hash?: string;
  at?: string;
  public_key?: string;
  signature?: string;
  /** Entries not yet sealed. */
  waiting?: number;
}

export interface AuditAction {
  action: string;
  kind: string;
  title: string;
}

/** Work that failed too often and waits for somebody to look. */
export interface DeadJob {
  id: string;
  kind: string;
  at: string;
  attempt: number;
  error: string;
}

/** Spans of one day, "09:00" to "12:00". */
export type Spans = [string, string][];
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** When work is done. */
export interface Calendar {
  key: string;
  title: string;
  zone?: string;
  week: Record<Weekday, Spans>;
  holidays: { date: string; title?: string }[];
  /** Days worked although the week says otherwise. */
  workdays: { date: string; title?: string; hours?: Spans }[];
  rev?: number;
  builtin?: boolean;
}

const base = '/api/admin/v1';
const seg = encodeURIComponent;

/** The typed calls of security, log, calendars and jobs. */
export function createAdminSecurityApi(c: Client) {
  const user = (id: string) => `${base}/users/${seg(id)}`;
  const calendar = (key: string) => `${base}/calendars/${seg(key)}`;
  return {
    userSecurity: (id: string, o?: Cancel) => c.call<UserSecurity>('GET', `${user(id)}/security`, o),
    endUserSession: (id: string, session: string) => c.call<void>('DELETE', `${user(id)}/sessions/${seg(session)}`),
    unlock: (id: string) => c.call<void>('DELETE', `${user(id)}/lock`),
    dropTotp: (id: string) => c.call<void>('DELETE', `${user(id)}/totp`),
    expirePassword: (id: string) => c.call<void>('POST', `${user(id)}/expire-password`),
    audit: (query: AuditQuery, o?: Cancel) =>
      c.call<Page<AuditEntry> & { display?: Display }>('GET', `${base}/audit`, { query, ...o }),
    auditActions: (o?: Cancel) => c.call<{ items: AuditAction[] }>('GET', `${base}/audit/actions`, o),
    auditHead: (o?: Cancel) => c.call<AuditHead>('GET', `${base}/audit/head`, o),
    auditExport: (format: 'csv' | 'ndjson', query: AuditQuery) =>
      c.url(`${base}/audit/export`, { ...query, cursor: undefined, limit: undefined, format }),
    calendars: (o?: Cancel) => c.call<{ items: Calendar[] }>('GET', `${base}/calendars`, o),
    saveCalendar: (key: string, body: Omit<Calendar, 'key' | 'builtin'>) =>
      c.call<Calendar>('PUT', calendar(key), { body }),
    deleteCalendar: (key: string) => c.call<void>('DELETE', calendar(key)),
    jobs: (query: { cursor?: string }, o?: Cancel) => c.call<Page<DeadJob>>('GET', `${base}/jobs`, { query, ...o }),
    retryJob: (id: string) => c.call<void>('POST', `${base}/jobs/${seg(id)}/retry`),
  };
}
