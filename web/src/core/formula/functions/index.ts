import type { Fn } from '../context';
import { listFunctions } from './list';
import { numberFunctions } from './number';

/**
 * The function library, by upper-case name: numbers and lists at once, text and
 * dates when a form uses them, so that the first form on a phone stays small.
 * What is not here (LOOKUP, USERFIELD, RAND …) only the server can answer.
 */
export const functions: Record<string, Fn> = { ...numberFunctions, ...listFunctions };

/**
 * Loads the functions that trees mention; to be awaited before they run. One
 * that is not loaded counts as one only the server can answer.
 */
export async function loadFunctions(trees: unknown): Promise<void> {
  const calls = Array.from(JSON.stringify(trees ?? null).matchAll(/"call","([A-Z0-9_]+)"/g), (m) => m[1] as string);
  if (calls.every((name) => Object.hasOwn(functions, name))) return;
  const { textFunctions, dateFunctions } = await import('./more');
  Object.assign(functions, textFunctions, dateFunctions);
}
