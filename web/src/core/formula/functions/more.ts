/** The part of the function library that is loaded when a form uses it. */
export { dateFunctions } from './date';
export { textFunctions } from './text';
