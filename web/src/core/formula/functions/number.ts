import { bool, type Fn, int, list, num, refuse, row, strict, values } from '../context';
import { Decimal, type Rounding, zero } from '../decimal';
import { exp, ln, log, sqrt } from '../power';
import { compare, isBlank, RunError, type Value } from '../value';
import { meets } from './criterion';

const n = (x: number) => Decimal.of(x);

/** Rounds a binary result to 12 significant digits; undefined when it is not finite. */
function fromFloat(x: number): Decimal | undefined {
  if (!Number.isFinite(x)) return undefined;
  if (Math.abs(x) < 1e-19) return n(0);
  const [digits, e] = x.toExponential(11).split('e') as [string, string];
  return Decimal.fit(BigInt(digits.replace('.', '')), 11 - Number(e)).trim();
}

const float = (f: (...x: number[]) => number, count = 1): Fn =>
  strict(
    count,
    (run, ...args) => fromFloat(f(...args.slice(0, count).map((a) => num(a).toNumber()))) ?? run.warn('not_a_number'),
  );

const known = (f: (a: Decimal, b?: Decimal) => Decimal | undefined): Fn =>
  strict(1, (run, a, b) => f(num(a), b === undefined ? undefined : num(b)) ?? run.warn('not_a_number'));

const rounding = (how: Rounding): Fn =>
  strict(1, (_r, v, places) => num(v).round(Math.max(-54, Math.min(20, int(places))), how));

/** step × floor(n ÷ step), or ceil, the quotient taken exactly. */
const multiple = (up: boolean): Fn =>
  strict(1, (_r, v, by) => {
    const d = num(v);
    const step = by === undefined ? n(1) : num(by).abs();
    if (step.sign() === 0) return n(0);
    const s = Math.max(d.scale, step.scale);
    const [a, b] = [d.at(s), step.at(s)];
    let q = a / b;
    if (a % b !== zero && a > zero === up) q += up ? BigInt(1) : BigInt(-1);
    return Decimal.fit(q * b, s);
  });

const numbers = (args: Value[]) => values(args).map((v) => num(v));

const total = (all: Decimal[]) => all.reduce((sum, d) => sum.add(d), n(0));

const mean = (all: Decimal[]) => (all.length ? (total(all).div(n(all.length)) as Decimal) : null);

/** By order; values without one are the error `type`. */
const inOrder = (a: Value, b: Value): number => {
  const c = compare(a, b);
  if (c === undefined) throw new RunError('type', 'one kind');
  return c;
};

/** Sorted values of one kind, equal ones in their order. */
export function sorted(all: Exclude<Value, null>[]): Exclude<Value, null>[] {
  // Stable on old engines too.
  return all
    .map((v, i) => ({ v, i }))
    .sort((a, b) => inOrder(a.v, b.v) || a.i - b.i)
    .map((x) => x.v);
}

const extreme =
  (sign: number): Fn =>
  (_r, args) => {
    const all = values(args);
    return all.length ? all.reduce((best, v) => (inOrder(v, best) * sign > 0 ? v : best)) : null;
  };

const median: Fn = (_r, args) => {
  const all = sorted(numbers(args)) as Decimal[];
  const mid = all.length >> 1;
  if (all.length === 0) return null;
  if (all.length % 2) return all[mid] as Decimal;
  return (all[mid - 1] as Decimal).add(all[mid] as Decimal).div(n(2)) as Decimal;
};

const sumProduct: Fn = (run, args) => {
  const lists = args.map(list);
  let sum = n(0);
  for (let i = 0; i < Math.max(0, ...lists.map((l) => l.length)); i++) {
    run.tick(lists.length);
    const at = lists.map((l) => l[i]);
    if (at.some((v) => isBlank(v))) continue;
    sum = sum.add(at.reduce<Decimal>((p, v) => p.mul(num(v)), n(1)));
  }
  return sum;
};

const kth = (largest: boolean): Fn =>
  strict(2, (_r, l, k) => {
    const all = sorted(numbers([l as Value])) as Decimal[];
    const i = int(k);
    return all[largest ? all.length - i : i - 1] ?? null;
  });

const rank = strict(2, (_r, v, l, asc) => {
  const want = bool(asc) ? -1 : 1;
  return n(1 + numbers([l as Value]).filter((x) => x.cmp(num(v)) === want).length);
});

/** The values at the positions where every range meets its criterion. */
function chosen(from: Value[], tests: [Value, Value][]): Value[] {
  return from.filter((_v, i) => tests.every(([range, crit]) => meets(list(range)[i] ?? null, crit)));
}

const ifs =
  (fold: (all: Decimal[]) => Value): Fn =>
  (_r, args) =>
    fold(numbers([chosen(list(args[args.length > 2 ? 2 : 0]), [[args[0] ?? null, args[1] ?? null]])]));

const sumIfs: Fn = (_r, args) => {
  const tests: [Value, Value][] = [];
  for (let i = 1; i < args.length; i += 2) tests.push([args[i] ?? null, args[i + 1] ?? null]);
  return total(numbers([chosen(list(args[0]), tests)]));
};

const whole = (name: string, max: number, v: Value | undefined) => {
  const k = int(v);
  if (k < 0 || k > max) throw refuse(name);
  return k;
};

/** n × (n-1) × … of k factors. */
function falling(from: number, k: number): bigint {
  let out = BigInt(1);
  for (let i = 0; i < k; i++) out *= BigInt(from - i);
  return out;
}

const choose = (name: string, ordered: boolean): Fn =>
  strict(2, (_r, a, b) => {
    const from = whole(name, 1000, a);
    const k = whole(name, from, b);
    return Decimal.fit(ordered ? falling(from, k) : falling(from, k) / falling(k, k), 0);
  });

/** Metres on a sphere of radius 6371000 m. */
const distance = strict(2, (_r, a, b) => {
  const rad = (v: Value, name: string) => {
    const x = row(v).get(name);
    return x instanceof Decimal ? (x.toNumber() * Math.PI) / 180 : undefined;
  };
  const [x1, y1, x2, y2] = [
    rad(a as Value, 'lng'),
    rad(a as Value, 'lat'),
    rad(b as Value, 'lng'),
    rad(b as Value, 'lat'),
  ];
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return null;
  const h = Math.sin((y2 - y1) / 2) ** 2 + Math.cos(y1) * Math.cos(y2) * Math.sin((x2 - x1) / 2) ** 2;
  return fromFloat(2 * 6371000 * Math.asin(Math.min(1, Math.sqrt(h))))?.round(0) ?? null;
});

const blanks: Fn = (_r, args) => {
  let count = 0;
  for (const a of args) {
    if (isBlank(a)) count++;
    else if (Array.isArray(a)) count += a.filter((x) => isBlank(x)).length;
  }
  return n(count);
};

const average: Fn = (_r, args) => mean(numbers(args));
const counted: Fn = (_r, args) => n(values(args).length);

export const numberFunctions: Record<string, Fn> = {
  ABS: strict(1, (_r, v) => num(v).abs()),
  SIGN: strict(1, (_r, v) => n(num(v).sign())),
  INT: strict(1, (_r, v) => num(v).round(0, 'floor')),
  TRUNC: rounding('down'),
  ROUND: rounding('half'),
  ROUNDUP: rounding('up'),
  ROUNDDOWN: rounding('down'),
  CEILING: multiple(true),
  FLOOR: multiple(false),
  SQRT: known(sqrt),
  LN: known(ln),
  LOG: known((a, base) => log(a, base ?? n(10))),
  LOG10: known((a) => log(a, n(10))),
  EXP: strict(1, (_r, v) => exp(num(v))),
  FACT: strict(1, (_r, v) => Decimal.fit(falling(whole('FACT', 40, v), whole('FACT', 40, v)), 0)),
  COMBIN: choose('COMBIN', false),
  PERMUT: choose('PERMUT', true),
  SUM: (_r, args) => total(numbers(args)),
  PRODUCT: (_r, args) => {
    const all = numbers(args);
    return all.length ? all.reduce((p, d) => p.mul(d)) : null;
  },
  AVERAGE: average,
  AVG: average,
  MAX: extreme(1),
  MIN: extreme(-1),
  MEDIAN: median,
  COUNT: counted,
  COUNTA: counted,
  COUNTBLANK: blanks,
  COUNTARRAY: (_r, [l]) => n(list(l).length),
  SUMPRODUCT: sumProduct,
  LARGE: kth(true),
  SMALL: kth(false),
  RANK: rank,
  SUMIF: ifs(total),
  AVERAGEIF: ifs(mean),
  COUNTIF: (_r, [range, crit]) => n(list(range).filter((v) => meets(v, crit ?? null)).length),
  SUMIFS: sumIfs,
  PI: () => Decimal.parse('3.1415926535897932385') as Decimal,
  SIN: float(Math.sin),
  COS: float(Math.cos),
  TAN: float(Math.tan),
  ASIN: float(Math.asin),
  ACOS: float(Math.acos),
  ATAN: float(Math.atan),
  ATAN2: float((x, y) => Math.atan2(y as number, x as number), 2),
  RADIANS: float((x) => ((x as number) * Math.PI) / 180),
  DEGREES: float((x) => ((x as number) * 180) / Math.PI),
  DISTANCE: distance,
  NUMBERCOMPARE: strict(2, (_r, a, b) => n(num(a).cmp(num(b)))),
};
