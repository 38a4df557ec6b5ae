export * from './client';
export * from './endpoints';
export * from './error';
export { newId } from './ids';
export type * from './types';
