import { signal } from '@preact/signals-core';

/** The languages of the interface. zh-CN is the base. */
export type Lang = 'zh-CN' | 'en';

/** Values of the placeholders of a text. */
export type Params = Record<string, unknown>;

/** One area of texts. The English ones may come later, see learn. */
export interface Area<K extends string> {
  'zh-CN': Record<K, string>;
  en?: Record<K, string>;
}

/** The English texts of an area: exactly its keys. */
export type English<A> = A extends Area<infer K> ? Record<K, string> : never;

/**
 * Declares an area. The keys of zh-CN are the keys; one that en lacks, or has
 * too many, is a compile error. Without en, the English texts are learnt later.
 */
export function area<Z extends Record<string, string>>(
  zh: Z,
  en?: { [K in keyof Z]: string },
): Area<Extract<keyof Z, string>> {
  return en ? { 'zh-CN': zh, en } : { 'zh-CN': zh };
}

/** Adds the English texts of areas that were declared without. */
export function learn<A extends Record<string, Area<string>>>(
  areas: A,
  english: { [N in keyof A]: English<A[N]> },
): void {
  for (const [name, area] of Object.entries(areas)) area.en = english[name] as Record<string, string>;
}

/** The keys "area.key" of a set of areas. */
export type KeyOf<A> = {
  [N in Extract<keyof A, string>]: A[N] extends Area<infer K> ? `${N}.${K}` : never;
}[Extract<keyof A, string>];

/** The language of the interface; whoever reads it in an effect follows a change. */
export const lang = signal<Lang>('zh-CN');

/** Takes any language tag: what is not Chinese is English. */
export function setLang(tag: string): void {
  lang.value = langOf(tag);
}

/** The interface language that serves a language tag best. */
export function langOf(tag: string): Lang {
  return !tag || /^zh\b/i.test(tag) ? 'zh-CN' : 'en';
}

/** Translates a key; placeholders are written {name}. */
export type Translate<K extends string> = (key: K, params?: Params, inLang?: Lang) => string;

/** Makes the translate function of a set of areas, e.g. of a part that is loaded later. */
export function createTranslator<A extends Record<string, Area<string>>>(areas: A): Translate<KeyOf<A>> {
  return (key, params, inLang = lang.value) => {
    const dot = key.indexOf('.');
    const known = areas[key.slice(0, dot)];
    const texts = (known?.[inLang] ?? known?.['zh-CN']) as Record<string, string> | undefined;
    return fill(texts?.[key.slice(dot + 1)] ?? key, params);
  };
}

/** Puts params into a text. English plural: "{n} row|{n} rows" chooses by params.n. */
export function fill(text: string, params: Params = {}): string {
  const forms = text.split('|');
  const chosen = forms.length === 2 && 'n' in params ? forms[Number(params.n) === 1 ? 0 : 1] : text;
  return (chosen ?? text).replace(/\{(\w+)\}/g, (whole, name: string) =>
    params[name] === undefined || params[name] === null ? whole : String(params[name]),
  );
}
