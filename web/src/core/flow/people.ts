import type { Display, NodeTask, TreeNode } from '../api/types';
import { type Lang, t } from '../i18n';
import { tf } from './texts';

/** A person's name, "System" for nobody. */
export function personName(id: string | undefined, display: Display | undefined, lang: Lang): string {
  if (!id || id === 'system') return t('common.system', {}, lang);
  return display?.users?.[id] ?? id;
}

/** Names in a row. */
export const namesOf = (ids: string[] | undefined, display: Display | undefined, lang: Lang): string =>
  (ids ?? []).map((id) => personName(id, display, lang)).join(tf('flow.comma', {}, lang));

/** "王 代 李" where somebody stands in for another. */
export function standsFor(
  id: string | undefined,
  principal: string | undefined,
  display: Display | undefined,
  lang: Lang,
): string {
  const name = personName(id, display, lang);
  if (!principal || principal === id) return name;
  return tf('flow.standsFor', { name, principal: personName(principal, display, lang) }, lang);
}

/** All nodes of a tree in drawing order, branches included. */
export function flatten(nodes: TreeNode[]): TreeNode[] {
  const out: TreeNode[] = [];
  for (const n of nodes) {
    out.push(n);
    for (const b of n.branches ?? []) out.push(...flatten(b.nodes));
  }
  return out;
}

/** The number of a task within its case: its id ends with it. */
export const taskNumber = (id: string | undefined): number => Number(id?.slice(id.lastIndexOf('.') + 1));

/** The tasks of a case by their number. */
export function tasksByNumber(tree: TreeNode[]): Map<number, NodeTask> {
  const out = new Map<number, NodeTask>();
  for (const node of flatten(tree)) for (const task of node.tasks ?? []) out.set(taskNumber(task.id), task);
  return out;
}
