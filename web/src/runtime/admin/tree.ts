import type { AdminDept } from '../../core/api/admin';

/** How deep each department stands; parents come before those below them. */
export function levels(items: AdminDept[]): Map<string, number> {
  const out = new Map<string, number>();
  for (const d of items) out.set(d.id, out.has(d.parent) ? (out.get(d.parent) ?? 0) + 1 : 0);
  return out;
}

/** A department and all below it: where it cannot be put. */
export function branch(items: AdminDept[], id: string): Set<string> {
  const out = new Set([id]);
  for (const d of items) if (out.has(d.parent)) out.add(d.id);
  return out;
}
