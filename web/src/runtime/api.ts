import { signal } from '@preact/signals-core';
import { createApi, createClient } from '../core/api';
import { lang } from '../core/i18n';

/** Asks for a new login without leaving the page; resolves true when there is a session again. */
export const relogin = signal<((ok: boolean) => void) | null>(null);

/** Set once the user is known: only then a 401 means "expired" and not "never logged in". */
export const session = { known: false };

const client = createClient({
  lang: () => lang.peek(),
  onUnauthorized: () => {
    if (!session.known) return false;
    return new Promise<boolean>((resolve) => {
      relogin.value = (ok) => {
        relogin.value = null;
        resolve(ok);
      };
    });
  },
});

/** The typed calls of the runtime. */
export const api = createApi(client);
