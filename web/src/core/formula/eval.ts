import type { Json, Tree } from '../api/types';
import { type FormulaContext, list, Run } from './context';
import { Decimal } from './decimal';
import { functions } from './functions';
import { pow } from './power';
import { compare, equal, Instant, identity, isBlank, Row, RunError, serverOnly, toText, type Value } from './value';
import { dayText, localDay } from './zone';

/** Gives the value of a name; blank (null) when there is none. */
export type Vars = (name: string) => Value;

type Node = [string, ...Json[]];

/** The lexical surroundings of a node: enclosing closures and lets. */
interface Scope {
  run: Run;
  vars: Vars;
  elements: { item: Value; index: number }[];
  lets: Value[];
}

/**
 * Runs a checked tree; blank is null. It throws a RunError: code server_only
 * means that only the server can answer.
 */
export function evaluate(tree: Tree, vars: Vars, context: FormulaContext): Value {
  const t = tree as { v?: number; e?: Node } | null;
  if (t?.v !== 1 || !Array.isArray(t.e)) throw serverOnly('tree version');
  const v = visit(t.e, { run: new Run(context), vars, elements: [], lets: [] });
  return isBlank(v) ? null : v;
}

/** Runs a condition; blank is false. */
export function evaluateBool(tree: Tree, vars: Vars, context: FormulaContext): boolean {
  return truth(evaluate(tree, vars, context));
}

function visit(node: Json | undefined, s: Scope): Value {
  const n = node as Node;
  s.run.tick();
  const op = ops[n[0]];
  if (!op) throw serverOnly(n[0]);
  return op(n, s);
}

function truth(v: Value): boolean {
  if (isBlank(v)) return false;
  if (typeof v === 'boolean') return v;
  throw new RunError('type', 'condition');
}

const holds = (node: Json | undefined, s: Scope) => truth(visit(node, s));

type Op = (n: Node, s: Scope) => Value;

/** Two numbers to one; a blank operand gives blank. */
const arith =
  (f: (a: Decimal, b: Decimal, s: Scope) => Decimal | null): Op =>
  (n, s) => {
    const a = visit(n[1], s);
    const b = visit(n[2], s);
    for (const x of [a, b]) if (!isBlank(x) && !(x instanceof Decimal)) throw new RunError('type', n[0]);
    return a instanceof Decimal && b instanceof Decimal ? s.run.checked(f(a, b, s)) : null;
  };

const byZero = (d: Decimal | undefined, s: Scope) => d ?? s.run.warn('division_by_zero');

const order =
  (f: (c: number) => boolean): Op =>
  (n, s) => {
    const c = compare(visit(n[1], s), visit(n[2], s));
    return c !== undefined && f(c);
  };

/** Runs a closure's body over a list until `each` says stop. */
function over(n: Node, s: Scope, each: (body: Value, item: Value) => boolean | undefined): void {
  const items = list(visit(n[1], s));
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as Value;
    s.run.tick();
    s.elements.push({ item, index });
    const body = visit(n[2], s);
    s.elements.pop();
    if (each(body, item)) return;
  }
}

/** Counts matches, stopping after `enough`. */
function matches(n: Node, s: Scope, enough: number, wanted = true): number {
  let count = 0;
  over(n, s, (body) => truth(body) === wanted && ++count >= enough);
  return count;
}

const nth = <T>(stack: T[], k: Json | undefined): T => stack[stack.length - 1 - (k as number)] as T;

function member(v: Value, name: string): Value {
  if (v instanceof Row) return v.get(name);
  return typeof v === 'string' && name === 'id' ? v : null;
}

function column(n: Node, s: Scope): Value {
  const out: Value[] = [];
  for (const item of list(visit(n[1], s))) {
    const v = member(item, n[2] as string);
    if (Array.isArray(v)) out.push(...v);
    else out.push(v);
  }
  return s.run.checked(out);
}

function join(n: Node, s: Scope): Value {
  let out = '';
  for (const part of n.slice(1)) {
    out += toText(visit(part, s), s.run.zone);
    s.run.checked(out);
  }
  return out || null;
}

const isIn = (x: Value, all: Value): boolean => !isBlank(x) && list(all).some((y) => equal(x, y));

function contains(n: Node, s: Scope): Value {
  const a = visit(n[1], s);
  const b = visit(n[2], s);
  return Array.isArray(a) ? isIn(b, a) : textTest(a, b, (x, y) => x.includes(y));
}

/** False unless both are texts that are not blank. */
function textTest(x: Value, y: Value, f: (a: string, b: string) => boolean): boolean {
  const a = identity(x);
  const b = identity(y);
  return typeof a === 'string' && typeof b === 'string' && a !== '' && b !== '' && f(a, b);
}

function differs(n: Node, s: Scope): Value {
  const a = identity(visit(n[1], s));
  const b = identity(visit(n[2], s));
  return !isBlank(a) && !isBlank(b) && !equal(a, b);
}

function power(a: Decimal, b: Decimal, s: Scope): Decimal | null {
  s.run.tick(200);
  return pow(a, b) ?? s.run.warn(a.sign() === 0 ? 'division_by_zero' : 'not_a_number');
}

function call(n: Node, s: Scope): Value {
  const name = n[1] as string;
  const f = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!f) throw serverOnly(name);
  const args: Value[] = [];
  for (let i = 2; i < n.length; i++) args.push(visit(n[i], s));
  const v = s.run.checked(f(s.run, args));
  return isBlank(v) ? null : v;
}

const ops: Record<string, Op> = {
  nil: () => null,
  n: (n) => Decimal.parse(n[1] as string) ?? null,
  s: (n) => n[1] as string,
  b: (n) => n[1] as boolean,
  id: (n, s) => s.vars(n[1] as string) ?? null,
  user: (n, s) => (s.run.context.user?.[n[1] as 'id'] ?? null) as Value,
  '.': (n, s) => member(visit(n[1], s), n[2] as string),
  col: column,
  at: (n, s) => {
    const items = list(visit(n[1], s));
    const k = visit(n[2], s);
    if (isBlank(k)) return null;
    if (!(k instanceof Decimal)) throw new RunError('type', 'index');
    const i = Math.trunc(k.toNumber());
    return items[i < 0 ? items.length + i : i] ?? null;
  },
  '#': (n, s) => nth(s.elements, n[1]).item,
  '#i': (n, s) => Decimal.of(nth(s.elements, n[1]).index),
  let: (n, s) => {
    s.lets.push(visit(n[1], s));
    const v = visit(n[2], s);
    s.lets.pop();
    return v;
  },
  var: (n, s) => nth(s.lets, n[1]),
  '+': arith((a, b) => a.add(b)),
  '-': arith((a, b) => a.sub(b)),
  '*': arith((a, b) => a.mul(b)),
  '/': arith((a, b, s) => byZero(a.div(b), s)),
  '%': arith((a, b, s) => byZero(a.mod(b), s)),
  '^': arith(power),
  neg: (n, s) => {
    const v = visit(n[1], s);
    if (isBlank(v)) return null;
    if (!(v instanceof Decimal)) throw new RunError('type', 'neg');
    return v.neg();
  },
  '&': join,
  '==': (n, s) => equal(visit(n[1], s), visit(n[2], s)),
  '!=': differs,
  '<': order((c) => c < 0),
  '<=': order((c) => c <= 0),
  '>': order((c) => c > 0),
  '>=': order((c) => c >= 0),
  blank: (n, s) => isBlank(visit(n[1], s)),
  and: (n, s) => n.slice(1).every((x) => holds(x, s)),
  or: (n, s) => n.slice(1).some((x) => holds(x, s)),
  not: (n, s) => !holds(n[1], s),
  in: (n, s) => isIn(visit(n[1], s), visit(n[2], s)),
  contains,
  starts: (n, s) => textTest(visit(n[1], s), visit(n[2], s), (a, b) => a.startsWith(b)),
  ends: (n, s) => textTest(visit(n[1], s), visit(n[2], s), (a, b) => a.endsWith(b)),
  if: (n, s) => (holds(n[1], s) ? visit(n[2], s) : visit(n[3], s)),
  '??': (n, s) => {
    const a = visit(n[1], s);
    return isBlank(a) ? visit(n[2], s) : a;
  },
  list: (n, s) => s.run.checked(n.slice(1).map((x) => visit(x, s))),
  filter: (n, s) => {
    const out: Value[] = [];
    over(n, s, (body, item) => {
      if (truth(body)) out.push(item);
      return false;
    });
    return s.run.checked(out);
  },
  map: (n, s) => {
    const out: Value[] = [];
    over(n, s, (body) => {
      out.push(body);
      return false;
    });
    return s.run.checked(out);
  },
  find: (n, s) => {
    let found: Value = null;
    over(n, s, (body, item) => {
      if (!truth(body)) return false;
      found = item;
      return true;
    });
    return found;
  },
  count: (n, s) => Decimal.of(matches(n, s, Number.POSITIVE_INFINITY)),
  any: (n, s) => matches(n, s, 1) > 0,
  all: (n, s) => matches(n, s, 1, false) === 0,
  none: (n, s) => matches(n, s, 1) === 0,
  one: (n, s) => matches(n, s, 2) === 1,
  day: (n, s) => {
    const v = visit(n[1], s);
    if (v instanceof Instant) return dayText(localDay(v.ms, s.run.zone)[0]);
    return v;
  },
  call,
};

/** The names a tree reads at the top level; what a call to the server may depend on. */
export function namesOf(tree: Tree): string[] {
  const out = new Set<string>();
  const walk = (n: Json | undefined) => {
    if (!Array.isArray(n)) return;
    if (n[0] === 'id' && typeof n[1] === 'string') out.add(n[1]);
    for (const x of n.slice(1)) walk(x);
  };
  walk((tree as { e?: Json } | null)?.e);
  return [...out];
}
