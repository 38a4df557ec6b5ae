import { loadFunctions } from '../src/core/formula/functions';
import { loadEnglish } from '../src/core/i18n';

// Tests run any formula at once: the whole library is there from the start.
await loadFunctions(['call', 'LEN']);
// And both languages.
await loadEnglish();
