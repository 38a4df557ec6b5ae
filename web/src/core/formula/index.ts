export type { FormulaContext, FormulaUser } from './context';
export { Decimal } from './decimal';
export { evaluate, evaluateBool, namesOf, type Vars } from './eval';
export { loadFunctions } from './functions';
export { rmbCapital } from './rmb';
export * from './value';
