export * from './labels';
export * from './timeline';
export * from './tree';
