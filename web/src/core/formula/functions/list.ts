import { bool, type Fn, int, list, strict, values } from '../context';
import { Decimal } from '../decimal';
import { isBlank, keyOf, type Value } from '../value';
import { sorted } from './number';

const n = (x: number) => Decimal.of(x);

/** Distinct values in order of first appearance; what equals nothing (a list) is left out. */
function distinct(all: Value[]): Value[] {
  const seen = new Set<string>();
  return all.filter((v) => {
    const key = keyOf(v);
    if (key === undefined || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const keys = (l: Value | undefined) => new Set(values([l ?? null]).map((v) => keyOf(v)));

const union: Fn = (_r, args) => distinct(values(args));

const intersection: Fn = (_r, args) => {
  if (args.some((a) => isBlank(a))) return null;
  const others = args.slice(1).map(keys);
  return distinct(values([args[0] as Value])).filter((v) => others.every((o) => o.has(keyOf(v))));
};

const difference: Fn = (_r, [a, b]) => {
  const without = keys(b);
  return distinct(values([a ?? null])).filter((v) => !without.has(keyOf(v)));
};

const subset: Fn = (_r, [a, b]) => {
  if (isBlank(a) || isBlank(b)) return false;
  const all = keys(b);
  return values([a]).every((v) => all.has(keyOf(v)));
};

const repeated: Fn = (_r, [l]) => {
  const all = values([l ?? null]);
  return distinct(all).length < all.length;
};

const sort = strict(1, (_r, l, desc) => {
  const all = sorted(values([l as Value]));
  if (!bool(desc)) return all;
  // Equal values keep their order.
  return sorted(all.slice().reverse()).reverse();
});

const cat: Fn = (_r, args) => {
  const out: Value[] = [];
  for (const a of args) if (!isBlank(a)) out.push(...list(a));
  return out;
};

export const listFunctions: Record<string, Fn> = {
  INDEX: strict(2, (_r, l, k) => {
    const all = list(l);
    const i = int(k);
    return i === 0 ? null : (all[i < 0 ? all.length + i : i - 1] ?? null);
  }),
  ARRAYCAT: cat,
  UNIONSET: union,
  UNION: union,
  DISTINCT: union,
  UNIQUE: union,
  INTERSECTIONSET: intersection,
  DIFFERENCESET: difference,
  SUBSET: subset,
  ARRAYREPEATED: repeated,
  SORT: sort,
  COUNTDISTINCT: (_r, args) => n(distinct(values(args)).length),
  XOR: (_r, args) => args.filter((a) => bool(a)).length % 2 === 1,
  HASEMPTYTEXT: (_r, args) => args.some((a) => isBlank(a) || (Array.isArray(a) && a.some((x) => isBlank(x)))),
};
