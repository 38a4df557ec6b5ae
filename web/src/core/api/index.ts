export * from './client';
export * from './endpoints';
export * from './error';
export { newId } from './ids';
export type { LoginAnswer, LoginStep } from './security';
export type * from './types';
