import type { AuditQuery } from '../../core/api/admin-security';
import { instantOf, instantText, parseDay } from '../../core/formula/zone';

/** What the log is asked for, as it stands in the filters; "" = anything. Days are the organisation's. */
export interface Asked {
  by: string;
  action: string;
  from: string;
  to: string;
  q: string;
}

export const everything: Asked = { by: '', action: '', from: '', to: '', q: '' };

/** The query of what is asked: from the first moment of the first day to the last of the last. */
export function queryOf(asked: Asked, zone: string): AuditQuery {
  const begin = (day: string, later: number) => {
    const n = parseDay(day);
    return n === undefined ? undefined : instantText(instantOf(n + later, 0, zone));
  };
  const out: AuditQuery = { from: begin(asked.from, 0), to: begin(asked.to, 1) };
  for (const k of ['by', 'action', 'q'] as const) if (asked[k]) out[k] = asked[k];
  return out;
}
