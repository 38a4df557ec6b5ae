import { Decimal } from '../decimal';
import { compare, equal, isBlank, type Value } from '../value';
import { readNumber } from './parse';

/** Whether an element meets a criterion: ">=10", "<>甲", or a value it equals. Blank meets nothing. */
export function meets(v: Value, criterion: Value): boolean {
  if (isBlank(v) || isBlank(criterion)) return false;
  const m = typeof criterion === 'string' ? /^(>=|<=|<>|>|<|=)([\s\S]*)$/.exec(criterion) : null;
  if (!m) return same(v, criterion);
  const rest = alike(v, m[2] as string);
  if (m[1] === '=') return equal(v, rest);
  if (m[1] === '<>') return !equal(v, rest);
  const c = compare(v, rest);
  if (c === undefined) return false;
  if (c === 0) return (m[1] as string).length === 2;
  return (m[1] as string)[0] === (c > 0 ? '>' : '<');
}

/** Text that reads as a number equals that number. */
function same(v: Value, criterion: Value): boolean {
  if (typeof criterion === 'string') return equal(v, alike(v, criterion));
  if (typeof v === 'string' && criterion instanceof Decimal) return equal(readNumber(v) ?? null, criterion);
  return equal(v, criterion);
}

const alike = (v: Value, text: string): Value => (v instanceof Decimal ? (readNumber(text) ?? text) : text);
