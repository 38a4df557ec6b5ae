import type { AuditEntry } from '../../core/api/admin';
import type { AuditAction } from '../../core/api/admin-security';

/** Actions in words, by their code. A kind's name does for the act that is called like it. */
export const titlesOf = (actions: AuditAction[]): Record<string, string> =>
  Object.fromEntries([...actions].reverse().map((x) => [x.action || x.kind, x.title]));

/** What the log may be asked for: each kind, and below it its actions. A kind that is called as one of its actions is named once. */
export function actionChoices(actions: AuditAction[]): { value: string; text: string }[] {
  const out = new Map<string, string>();
  for (const x of actions) {
    const value = x.action || x.kind;
    if (!out.has(value)) out.set(value, x.action ? `　${x.title}` : x.title);
  }
  return [...out].map(([value, text]) => ({ value, text }));
}

/** What an entry is about: a record's title, a person, or the name of the thing. */
export function objectText(e: AuditEntry, names: Record<string, string>): string {
  const d = e.detail ?? {};
  const user = typeof d.user === 'string' ? (names[d.user] ?? d.login ?? d.user) : '';
  const thing = d.role ?? d.name ?? (e.action.startsWith('key.') ? d.key : '');
  const said = e.action.startsWith('user.') ? user : (thing ?? user);
  return e.title || String(said || '') || e.form || '';
}
