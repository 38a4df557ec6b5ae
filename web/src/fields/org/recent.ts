import type { Found } from '../../kit';

const most = 5;
const key = (kind: string) => `fw.recent.${kind}`;

/** What was chosen last on this device, newest first. */
export function recall(kind: string): Found[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key(kind)) ?? '[]');
    return Array.isArray(list) ? (list as Found[]).filter((x) => x?.value && x.text) : [];
  } catch {
    return [];
  }
}

/** Puts choices on top of the list. */
export function remember(kind: string, picked: Found[]) {
  if (!picked.length) return;
  const ids = new Set(picked.map((p) => p.value));
  try {
    const list = [...picked, ...recall(kind).filter((x) => !ids.has(x.value))].slice(0, most);
    localStorage.setItem(key(kind), JSON.stringify(list));
  } catch {
    // Only a convenience.
  }
}
