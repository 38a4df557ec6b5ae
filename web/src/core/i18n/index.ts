import { common } from './dict/common';
import { error } from './dict/error';
import { form } from './dict/form';
import { list } from './dict/list';
import { login } from './dict/login';
import { task } from './dict/task';
import { createTranslator, type KeyOf, learn } from './translator';

export { errorText, faultText } from './errors';
export type { Area, English, Lang, Params, Translate } from './translator';
export { area, createTranslator, fill, lang, langOf, learn, setLang } from './translator';

/** The areas of the end user's interface: one file each in dict/. */
export const areas = { common, form, list, task, login, error };

/** Every key of the interface, "area.key". */
export type Key = KeyOf<typeof areas>;

/** Translates into the language of the interface, or the given one. */
export const t = createTranslator(areas);

/** Fetches the English texts of these areas; until then Chinese stands in. */
export async function loadEnglish(): Promise<void> {
  if (areas.common.en) return;
  learn(areas, (await import('./dict/en')).english);
}
