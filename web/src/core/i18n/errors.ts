import { error } from './dict/error';
import { fill, type Lang, lang, type Params } from './translator';

/** What an error says of itself: ApiError, a fault of a field, or a client-side finding. */
export interface Coded {
  code: string;
  message?: string;
  title?: string;
  params?: Params;
}

/**
 * The text of a whole error by its code; the server's own text where the code
 * is unknown here or its parameters are missing.
 */
export function errorText(e: Coded, inLang: Lang = lang.value): string {
  return (
    ownText(e, inLang) || e.message || e.title || fill((error[inLang] ?? error['zh-CN']).unknown, { code: e.code })
  );
}

/** The text of one field's error. A check's message comes from the form itself. */
export function faultText(e: Coded, inLang: Lang = lang.value): string {
  if (e.code === 'check' && e.message) return e.message;
  return errorText(e, inLang);
}

function ownText(e: Coded, inLang: Lang): string {
  const texts = (error[inLang] ?? error['zh-CN']) as Record<string, string>;
  const text = Object.hasOwn(texts, e.code) ? texts[e.code] : undefined;
  if (!text) return '';
  const filled = fill(text, e.params);
  return /\{\w+\}/.test(filled) ? '' : filled;
}
