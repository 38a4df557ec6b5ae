import type { Display } from '../core/api';

/** Titles of several answers in one. */
export function merged(list: (Display | undefined)[]): Display {
  const users = {};
  const depts = {};
  const roles = {};
  const records = {};
  const files = {};
  for (const d of list) {
    Object.assign(users, d?.users);
    Object.assign(depts, d?.depts);
    Object.assign(roles, d?.roles);
    Object.assign(records, d?.records);
    Object.assign(files, d?.files);
  }
  return { users, depts, roles, records, files };
}
