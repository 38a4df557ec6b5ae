import type { Lang } from '../i18n';
import { tf } from './texts';

const signs: Record<string, string> = { '>=': '≥', '<=': '≤', '==': '=', '!=': '≠' };
const words: Record<string, 'and' | 'or' | 'not' | 'isIn'> = {
  and: 'and',
  '&&': 'and',
  or: 'or',
  '||': 'or',
  not: 'not',
  '!': 'not',
  in: 'isIn',
};

/** What a formula is made of: texts, numbers, names, operators. */
const tokens = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d+(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_.]*|[><=!]=|&&|\|\||\S/gu;

/**
 * The condition of a branch as a person reads it: fields by their titles,
 * operators as signs or words. What is no formula comes back as it is.
 */
export function conditionText(text: string, titleOf: (key: string) => string | undefined, lang: Lang): string {
  if (text === 'otherwise') return tf('flow.otherwise', {}, lang);
  let known = false;
  const out = text.replace(tokens, (token) => {
    const title = titleOf(token);
    known ||= !!title;
    const word = Object.hasOwn(words, token) ? words[token] : undefined;
    return title ?? signs[token] ?? (word ? tf(`flow.${word}`, {}, lang) : token.replace(/^(["'])(.*)\1$/, '“$2”'));
  });
  // A sentence that names no field is already in words.
  return known ? out : text;
}
