import { useLocation } from 'wouter';
import type { CaseAction, TaskItem } from '../../core/api';
import { toast, useMode } from '../../kit';
import { useT } from '../../texts';
import { api } from '../api';
import { useRefresh } from '../queries';
import { doneText } from './names';

const doneTexts = {
  approve: 'ui.approved',
  reject: 'ui.rejected',
  return: 'ui.returned',
  transfer: 'ui.transferred',
  handle: 'ui.handled',
} as const;

/** Actions after which the user's task is gone: the next one may follow. */
const ends = /^(approve|reject|return|transfer|handle|delegate|add_signer)$/;

/** After acting: the next task that waits, else back to where the user came from. */
export function useAfter(of: { form: { ref: string }; record: { id: string }; embedded?: boolean; onDone(): void }) {
  const t = useT();
  const mode = useMode();
  const refresh = useRefresh();
  const [, go] = useLocation();
  return async (action: CaseAction) => {
    refresh(of.form.ref, of.record.id);
    const key = doneTexts[action.kind as keyof typeof doneTexts];
    const text = key ? t(key) : (doneText(action.kind) ?? t('task.done_'));
    const stays = !ends.test(action.kind) || action.admin || (action.kind === 'add_signer' && !action.task);
    if (stays) return toast(text, 'success');
    const next = await nextTask(of.record.id);
    if (!next) {
      toast(text, 'success');
      return of.onDone();
    }
    toast(`${text}，${t('ui.nextTask', { n: next.more })}`, 'success');
    const { item } = next;
    if (mode === 'desktop' && of.embedded && window.location.pathname === '/tasks') return of.onDone();
    go(`/f/${item.form}/${item.record}?task=${item.id}&box=todo`, { replace: true });
  };
}

async function nextTask(except: string): Promise<{ item: TaskItem; more: number } | undefined> {
  try {
    const [page, counts] = await Promise.all([api.tasks({ box: 'todo', limit: 5 }), api.taskCounts()]);
    const item = page.items.find((x) => x.record !== except);
    return item && { item, more: counts.todo };
  } catch {
    return undefined;
  }
}
