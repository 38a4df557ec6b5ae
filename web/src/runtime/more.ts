import { createMore } from '../core/api/more';
import { api } from './api';

/** The calls that no first form needs. */
export const more = createMore(api.client);
