import { common } from './common';
import { error } from './error';
import { form } from './form';
import { list } from './list';
import { login } from './login';
import { task } from './task';

/** The English texts of every area. They come in a chunk of their own: most people never need them. */
export const english = { common, error, form, list, login, task };
