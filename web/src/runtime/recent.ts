const key = 'fw.recent';

/** Forms opened last on this device, newest first. */
export function recentForms(): string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(list) ? list.filter((x) => typeof x === 'string') : [];
  } catch {
    return [];
  }
}

/** Remembers that a form was opened. */
export function rememberForm(ref: string) {
  try {
    localStorage.setItem(key, JSON.stringify([ref, ...recentForms().filter((x) => x !== ref)].slice(0, 8)));
  } catch {
    // Only a convenience.
  }
}
