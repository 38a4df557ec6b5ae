import type { TaskBox, TaskItem } from '../../core/api';

/** The boxes of the task centre, in the order they are shown. */
export const boxes: TaskBox[] = ['todo', 'done', 'mine', 'cc', 'delegated'];

/** The box of an address; what is none is the first. */
export const boxOf = (text: string | null): TaskBox => boxes.find((b) => b === text) ?? 'todo';

/** The task after the open one, else the one before it; never another task of the same record. */
export function nextOf(items: TaskItem[], open: string): TaskItem | undefined {
  const [, record, task] = open.split('~');
  const at = items.findIndex((x) => x.id === task);
  const others = [...items.slice(at + 1), ...items.slice(0, Math.max(0, at)).reverse()];
  return others.find((x) => x.record !== record);
}

/** Whether a task can be decided without opening it. */
export const canBatch = (x: TaskItem): boolean => !!x.can?.some((k) => /^(approve|handle|reject)$/.test(k));

/** What agreeing to a task is called: work is completed, not approved. */
export function kindFor(x: TaskItem, action: 'approve' | 'reject'): string {
  const kinds = action === 'approve' ? ['approve', 'handle'] : ['reject'];
  return kinds.find((k) => x.can?.includes(k)) ?? '';
}

/** The tasks as they came, or under the app they belong to, the app with the first task first. */
export function groups(
  items: TaskItem[],
  grouped: boolean,
  titles: Map<string, string>,
): { app: string; title: string; items: TaskItem[] }[] {
  if (!grouped) return [{ app: '', title: '', items }];
  const by = new Map<string, TaskItem[]>();
  for (const x of items) by.set(x.app, [...(by.get(x.app) ?? []), x]);
  return [...by].map(([app, list]) => ({ app, title: titles.get(app) ?? app, items: list }));
}
