import type { AuditEntry } from '../../core/api/admin';
import { actions } from './action-texts';
import { ta } from './texts';

/** An action in words; one that has none shows its code. */
export function actionText(action: string): string {
  const key = action.replace(/^(task|case)\./, '').replace(/[.-]/g, '_');
  const words = actions['zh-CN'];
  return Object.hasOwn(words, key) ? ta(`act.${key as keyof typeof words}`) : action;
}

/** What an entry is about: a record's title, a person, or the name of the thing. */
export function objectText(e: AuditEntry, names: Record<string, string>): string {
  const d = e.detail ?? {};
  const user = typeof d.user === 'string' ? (names[d.user] ?? d.login ?? d.user) : '';
  const thing = d.role ?? d.name ?? (e.action.startsWith('key.') ? d.key : '');
  const said = e.action.startsWith('user.') ? user : (thing ?? user);
  return e.title || String(said || '') || e.form || '';
}
