import { ApiError } from '../../core/api';
import { faultText } from '../../core/i18n';
import { textOf } from '../../kit';
import type { Problems } from './problems';
import { ta } from './texts';

/** "/security/addresses/all/0" is about the list "all"; "/security/password/history" about "history". */
export function placesOf(x: unknown, values: Record<string, string>, address: string): Problems {
  if (!(x instanceof ApiError) || !x.errors.length) return { '': textOf(x) };
  const out: Problems = {};
  for (const e of x.errors) {
    const [, , part = '', name = '', nth] = e.path.split('/');
    const place = part === 'totp' ? 'totp' : name;
    const line = (values[place] ?? '').split(/[\s,，]+/).filter(Boolean)[Number(nth)];
    let text = faultText(e);
    if (e.code === 'locked_out') text = ta('more.lockedOut', { address });
    else if (line !== undefined) text = ta('more.badLine', { line });
    out[place in values ? place : ''] ??= text;
  }
  return out;
}
