import { useSyncExternalStore } from 'react';
import { areas, createTranslator, type Key, type Lang, lang, langOf, learn, loadEnglish, setLang } from '../core/i18n';
import { ui } from './ui';

/** Every key of the end user's interface: the core's areas and the surface's own. */
export type TextKey = Key | `ui.${keyof (typeof ui)['zh-CN']}`;

/** Looks a text up and fills its {places}. */
export const t = createTranslator({ ...areas, ui });

/** The type of t. */
export type T = typeof t;

const stored = 'fw.lang';

/** The user's own choice on this device, else what the server says, else the browser's language. */
export function startLang(fromServer?: string): Promise<void> {
  return speak(langOf(chosenLang() || fromServer || navigator.language));
}

/** Changes the language once its texts are here. Where they cannot be fetched, everything stays as it is. */
async function speak(next: Lang): Promise<void> {
  if (next === 'en' && !ui.en) {
    try {
      const [own] = await Promise.all([import('./ui-en'), loadEnglish()]);
      learn({ ui }, { ui: own.ui });
    } catch {
      return;
    }
  }
  setLang(next);
}

/** What the user chose on this device; "" = nothing. */
export function chosenLang(): string {
  try {
    return localStorage.getItem(stored) ?? '';
  } catch {
    // Storage is forbidden: no own choice.
    return '';
  }
}

/** chooseLang is the user's choice; it is kept on this device. */
export function chooseLang(next: Lang) {
  try {
    localStorage.setItem(stored, next);
  } catch {
    // The choice lasts as long as the page.
  }
  void speak(next);
}

const subscribe = (changed: () => void) => lang.subscribe(() => changed());

/** The present language; the component follows a change. */
export const useLang = (): Lang => useSyncExternalStore(subscribe, () => lang.peek());

/** The translate function; the component follows a change of language. */
export function useT(): T {
  useLang();
  return t;
}
