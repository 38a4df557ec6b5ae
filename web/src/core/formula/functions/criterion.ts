import { Decimal } from '../decimal';
import { compare, equal, isBlank, type Value } from '../value';
import { readNumber } from './parse';

/** Whether an element meets a criterion: ">=10", "<>甲", or a value it equals. Blank meets nothing. */
export function meets(v: Value, criterion: Value): boolean {
  if (isBlank(v) || isBlank(criterion)) return false;
  const m = typeof criterion === 'string' ? /^(>=|<=|<>|>|<|=)([\s\S]*)$/.exec(criterion) : null;
  const op = m?.[1] ?? '=';
  const wanted = m ? (m[2] as string) : criterion;
  if (wanted === '') return false;
  const other = v instanceof Decimal && typeof wanted === 'string' ? (readNumber(wanted) ?? wanted) : wanted;
  if (op === '=') return equal(v, other);
  if (op === '<>') return !equal(v, other);
  const c = compare(v, other);
  if (c === undefined) return false;
  return c === 0 ? op.length === 2 : op[0] === (c > 0 ? '>' : '<');
}
