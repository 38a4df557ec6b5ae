import { toast } from '../kit/shared/toast';
import { t } from '../texts';

const mark = 'fw.reloaded';

/** Things to do before the page goes: open forms save their drafts here. */
export const beforeReload = new Set<() => Promise<unknown> | undefined>();

/**
 * After an upgrade a page opened before it may ask for a file that is no more.
 * Save what is being typed and reload, but only once, so that a file that is
 * really broken does not reload for ever.
 */
export function reloadOnStaleChunk() {
  window.addEventListener('vite:preloadError', (e) => {
    const last = Number(read() || 0);
    if (Date.now() - last < 60_000) return;
    e.preventDefault();
    write(String(Date.now()));
    toast(t('ui.staleChunk'));
    void Promise.allSettled(Array.from(beforeReload, (f) => f())).then(() => window.location.reload());
  });
}

function read(): string | null {
  try {
    return sessionStorage.getItem(mark);
  } catch {
    return null;
  }
}

function write(value: string) {
  try {
    sessionStorage.setItem(mark, value);
  } catch {
    // Without storage the guard against loops is lost; the reload itself matters more.
  }
}
