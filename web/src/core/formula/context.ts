import { Decimal } from './decimal';
import { identity, isBlank, Row, RunError, type Value } from './value';

/** Who acts, as formulas see it. */
export interface FormulaUser {
  id: string;
  name: string;
  dept: string;
  depts: string[];
  roles: string[];
}

/** What a run needs beside its values. */
export interface FormulaContext {
  /** UTC milliseconds. */
  now: number;
  /** IANA time zone. */
  zone: string;
  user?: FormulaUser;
  /** Told of division_by_zero, not_a_number. */
  warn?: (code: string) => void;
}

export const maxText = 100_000;
export const maxList = 10_000;
const maxSteps = 2_000_000;

/** One run: its context and how much it has done. */
export class Run {
  private steps = 0;
  constructor(readonly context: FormulaContext) {}

  get zone(): string {
    return this.context.zone;
  }

  /** Counts work; a run that does too much ends. */
  tick(n = 1): void {
    this.steps += n;
    if (this.steps > maxSteps) throw new RunError('limit', 'steps');
  }

  warn(code: string): null {
    this.context.warn?.(code);
    return null;
  }

  /** Holds a produced value against the limits. */
  checked(v: Value): Value {
    if (v instanceof Decimal) {
      if (v.over) throw new RunError('limit', 'number');
    } else if (typeof v === 'string') {
      this.tick(v.length >> 4);
      if (v.length > maxText) this.textSize(Array.from(v).length);
    } else if (Array.isArray(v)) {
      this.tick(v.length);
      if (v.length > maxList) throw new RunError('limit', 'list');
    }
    return v;
  }

  /** Refuses a text of that many code points before it is made. */
  textSize(n: number): void {
    if (n > maxText) throw new RunError('limit', 'text');
  }
}

/** The arguments of a function in the kinds it wants; another kind is the error `type`. */
export const num = (v: Value | undefined): Decimal => {
  if (v instanceof Decimal) return v;
  throw new RunError('type', 'number');
};

/** A whole number, the fraction cut off, within ±10^9. */
export const int = (v: Value | undefined, missing = 0): number => {
  if (v === undefined) return missing;
  const n = Math.trunc(num(v).toNumber());
  return Math.max(-1e9, Math.min(1e9, n));
};

export const text = (v: Value | undefined, missing = ''): string => {
  if (v === undefined || v === null) return missing;
  const x = identity(v);
  if (typeof x === 'string') return x;
  throw new RunError('type', 'text');
};

export const bool = (v: Value | undefined): boolean => {
  if (v === undefined || isBlank(v)) return false;
  if (typeof v === 'boolean') return v;
  throw new RunError('type', 'bool');
};

export const row = (v: Value | undefined): Row => {
  if (v instanceof Row) return v;
  throw new RunError('type', 'row');
};

/** A list; one value counts as a list of one. */
export const list = (v: Value | undefined): Value[] => (isBlank(v) ? [] : Array.isArray(v) ? v : [v]);

/** Every argument, lists spliced in (one level), blanks skipped. */
export function values(args: Value[]): Exclude<Value, null>[] {
  const out: Exclude<Value, null>[] = [];
  for (const a of args) {
    for (const x of Array.isArray(a) ? a : [a]) if (!isBlank(x)) out.push(x as Exclude<Value, null>);
  }
  return out;
}

export const refuse = (what: string) => new RunError('argument', what);

/** A function of the library; arguments are evaluated already. */
export type Fn = (run: Run, args: Value[]) => Value;

/** Blank among the first `needed` arguments gives blank; a blank later one counts as missing. */
export function strict(needed: number, f: (run: Run, ...args: (Value | undefined)[]) => Value): Fn {
  return (run, args) => {
    for (let i = 0; i < needed; i++) if (isBlank(args[i])) return null;
    return f(run, ...args.map((a) => (isBlank(a) ? undefined : a)));
  };
}
