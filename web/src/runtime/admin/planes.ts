import type { Me } from '../../core/api';

const organisation = ['members', 'depts', 'roles'] as const;
const platform = [...organisation, 'explain', 'calendars', 'keys', 'audit', 'jobs', 'security', 'settings'] as const;

/** The sections of administration somebody may open. */
export function sectionNames(user: Me['user']): readonly (typeof platform)[number][] {
  const planes = user.planes ?? [];
  if (user.admin || planes.includes('platform')) return platform;
  const org = planes.includes('org') ? organisation : [];
  return planes.some((p) => /^(app|data):/.test(p)) ? [...org, 'explain'] : org;
}
