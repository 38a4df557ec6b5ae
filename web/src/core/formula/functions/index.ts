import type { Fn } from '../context';
import { dateFunctions } from './date';
import { listFunctions } from './list';
import { numberFunctions } from './number';
import { textFunctions } from './text';

/**
 * The function library, by upper-case name. What is not here (LOOKUP, USERFIELD,
 * RAND …) only the server can answer.
 */
export const functions: Record<string, Fn> = {
  ...textFunctions,
  ...numberFunctions,
  ...dateFunctions,
  ...listFunctions,
};
