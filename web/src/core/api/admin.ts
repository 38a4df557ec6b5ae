import type { SecuritySettings } from './admin-security';
import type { Client } from './client';
import type { Cancel } from './endpoints';
import type { Display, Json, Page } from './types';

/** A user as an administrator sees him. */
export interface AdminUser {
  id: string;
  rev: number;
  login: string;
  name: string;
  /** "" = the organisation's. */
  lang: string;
  state: 'active' | 'left';
  /** Ids, the main one first. */
  depts: string[];
  /** "" = the head of the main department. */
  manager: string;
  admin: boolean;
  /** org, app:<key>, data:<key>. */
  planes?: string[];
  roles: string[];
}

/** A department; lists come branch by branch, parents first. */
export interface AdminDept {
  id: string;
  rev: number;
  name: string;
  parent: string;
  heads: string[];
  order: number;
  members: number;
}

/** Whoever holds a role, for the departments and those below them; none = everywhere. */
export interface Holder {
  user: string;
  depts: string[];
}

export interface AdminRole {
  id: string;
  rev: number;
  app: string;
  app_title: string;
  title: string;
  holders: Holder[];
}

export interface ApiKey {
  id: string;
  name: string;
  user: string;
  scopes: string[];
  created_at: string;
  expires_at?: string;
  used_at?: string;
}

export interface AuditEntry {
  id: string;
  at: string;
  by: string;
  action: string;
  form?: string;
  record?: string;
  title?: string;
  kind?: string;
  ip?: string;
  detail?: Record<string, Json>;
}

export interface Settings {
  id: string;
  rev: number;
  name: string;
  zone: string;
  currency: string;
  lang: string;
  host: string;
  security?: SecuritySettings;
  /** The caller's, as the server sees it. */
  your_address?: string;
}

/** A one-time link; path goes behind the server's address. */
export interface PasswordLink {
  token: string;
  path: string;
  expires_at: string;
}

interface One<T> {
  item: T;
  display: Display;
}
type All<T> = { items: T[]; display: Display };
type UserChange = Partial<Pick<AdminUser, 'login' | 'name' | 'lang' | 'depts' | 'manager' | 'admin' | 'planes'>>;
type DeptChange = Partial<Pick<AdminDept, 'name' | 'parent' | 'heads' | 'order'>>;

const base = '/api/admin/v1';
const seg = encodeURIComponent;

/** The typed calls of the administration API. `rev` is that of what was shown: 409 when it changed since. */
export function createAdminApi(c: Client) {
  const user = (id: string) => `${base}/users/${seg(id)}`;
  const dept = (id: string) => `${base}/depts/${seg(id)}`;
  const post = <T>(path: string) => c.call<T>('POST', path);
  return {
    users: (query: { q?: string; state?: string; dept?: string; cursor?: string }, o?: Cancel) =>
      c.call<Page<AdminUser> & { display: Display }>('GET', `${base}/users`, { query, ...o }),
    createUser: (body: UserChange) => c.call<One<AdminUser>>('POST', `${base}/users`, { body }),
    saveUser: (id: string, body: UserChange & { rev: number; state?: 'active' }) =>
      c.call<One<AdminUser>>('PATCH', user(id), { body }),
    leave: (id: string) => post<void>(`${user(id)}/leave`),
    passwordLink: (id: string) => post<PasswordLink>(`${user(id)}/password-link`),
    endSessions: (id: string) => c.call<void>('DELETE', `${user(id)}/sessions`),
    depts: (o?: Cancel) => c.call<All<AdminDept>>('GET', `${base}/depts`, o),
    createDept: (body: DeptChange) => c.call<One<AdminDept>>('POST', `${base}/depts`, { body }),
    saveDept: (id: string, body: DeptChange & { rev: number }) => c.call<One<AdminDept>>('PATCH', dept(id), { body }),
    deleteDept: (id: string) => c.call<void>('DELETE', dept(id)),
    roles: (o?: Cancel) => c.call<All<AdminRole>>('GET', `${base}/roles`, o),
    saveRole: (id: string, body: { rev: number; holders: Holder[] }) =>
      c.call<One<AdminRole>>('PUT', `${base}/roles/${seg(id)}`, { body }),
    keys: (o?: Cancel) => c.call<All<ApiKey>>('GET', `${base}/keys`, o),
    createKey: (body: { name: string; user?: string; scopes: string[]; expires_at?: string }) =>
      c.call<One<ApiKey> & { secret: string }>('POST', `${base}/keys`, { body }),
    revokeKey: (id: string) => c.call<void>('DELETE', `${base}/keys/${seg(id)}`),
    settings: (o?: Cancel) => c.call<Settings>('GET', `${base}/settings`, o),
    saveSettings: (body: Partial<Omit<Settings, 'id' | 'your_address'>>) =>
      c.call<Settings>('PATCH', `${base}/settings`, { body }),
  };
}

/** Uses up a password link; the user signs in with the new password then. */
export const takePasswordLink = (c: Client, body: { tenant: string; token: string; user: string; password: string }) =>
  c.call<void>('POST', '/api/v1/password', { body });
