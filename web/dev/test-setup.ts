import { loadFunctions } from '../src/core/formula/functions';

// Tests run any formula at once: the whole library is there from the start.
await loadFunctions(['call', 'LEN']);
