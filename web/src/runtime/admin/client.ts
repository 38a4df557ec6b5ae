import { useCallback, useState } from 'react';
import type { Display } from '../../core/api';
import { createAdminApi } from '../../core/api/admin';
import { createAdminSecurityApi } from '../../core/api/admin-security';
import { createExplainApi } from '../../core/api/explain';
import type { Found } from '../../kit';
import { api } from '../api';

/** The typed calls of administration. */
export const admin = createAdminApi(api.client);

/** Security, log, calendars and jobs. */
export const adminSecurity = createAdminSecurityApi(api.client);

/** Questions about anybody's rights. */
export const explainer = createExplainApi(api.client);

/** The names under which answers of administration are kept. */
export const adminKeys = {
  all: ['admin'] as const,
  users: (state: string, q: string) => ['admin', 'users', state, q] as const,
  depts: ['admin', 'depts'] as const,
  roles: ['admin', 'roles'] as const,
  keys: ['admin', 'keys'] as const,
  audit: ['admin', 'audit'] as const,
  userSecurity: (id: string) => ['admin', 'security', id] as const,
  calendars: ['admin', 'calendars'] as const,
  jobs: ['admin', 'jobs'] as const,
  settings: ['admin', 'settings'] as const,
};

/** Names by id: those an answer brought, and those picked since. */
export function useNames(kind: 'users' | 'depts', known?: Display) {
  const [picked, setPicked] = useState<Record<string, string>>({});
  const nameOf = (id: string) => picked[id] ?? known?.[kind]?.[id] ?? id;
  const learn = useCallback(
    (found: Found[]) => setPicked((old) => ({ ...old, ...Object.fromEntries(found.map((x) => [x.value, x.text])) })),
    [],
  );
  return { nameOf, learn };
}

/** Loads one page of the people or departments to choose from. */
export const finder =
  (kind: 'users' | 'depts', without = '') =>
  async (q: string, cursor: string, signal: AbortSignal) => {
    const page = await api.org(kind, { q, cursor: cursor || undefined }, { signal });
    const items = page.items.filter((x) => x.id !== without);
    const note = (x: (typeof items)[number]) => String((kind === 'users' ? x.dept_name : x.path) ?? '');
    return { items: items.map((x): Found => ({ value: x.id, text: x.name, note: note(x) })), next: page.next_cursor };
  };
