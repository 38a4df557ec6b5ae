export * from './condition';
export * from './deadline';
export * from './labels';
export * from './people';
export * from './texts';
export * from './timeline';
export * from './tree';
export * from './votes';
