import { bool, type Fn, int, list, maxText, num, type Run, refuse, row, strict, text } from '../context';
import { Decimal } from '../decimal';
import { rmbCapital } from '../rmb';
import { Instant, isBlank, points, toText, type Value } from '../value';
import { formatDate, formatNumber } from './format';
import { readNumber } from './parse';

const n = (x: number) => Decimal.of(x);

/** Per code point; a mapping to several code points leaves the character. */
const mapCase = (t: string, f: (c: string) => string) =>
  points(t)
    .map((c) => (points(f(c)).length === 1 ? f(c) : c))
    .join('');

const lower = (t: string) => mapCase(t, (c) => c.toLowerCase());

const clamp = (x: number) => Math.max(0, x);

function len(run: Run, v: Value | undefined): Decimal {
  if (isBlank(v)) return n(0);
  if (Array.isArray(v)) return n(v.length);
  return n(points(toText(v, run.zone)).length);
}

/** 1-based position at or after start; 0 when not found. */
const position =
  (fold: (t: string) => string): Fn =>
  (_run, [find, t, start]) => {
    if (isBlank(find) || isBlank(t)) return n(0);
    const hay = points(fold(text(t)));
    const from = Math.max(1, isBlank(start) ? 1 : int(start));
    const at = hay
      .slice(from - 1)
      .join('')
      .indexOf(fold(text(find)));
    if (at < 0) return n(0);
    return n(
      from +
        points(
          hay
            .slice(from - 1)
            .join('')
            .slice(0, at),
        ).length,
    );
  };

function replace(
  _run: Run,
  t: Value | undefined,
  start: Value | undefined,
  count: Value | undefined,
  fresh: Value | undefined,
) {
  const all = points(text(t));
  const from = Math.max(1, int(start)) - 1;
  return all.slice(0, from).join('') + text(fresh) + all.slice(from + clamp(int(count))).join('');
}

function substitute(run: Run, [t, old, fresh, nth]: Value[]): Value {
  if (isBlank(t)) return null;
  if (!isBlank(nth) && int(nth) < 1) throw refuse('SUBSTITUTE');
  if (isBlank(old)) return text(t);
  const parts = text(t).split(text(old));
  const put = isBlank(fresh) ? '' : text(fresh);
  if (isBlank(nth)) {
    run.textSize(points(text(t)).length + (parts.length - 1) * (points(put).length - points(text(old)).length));
    return parts.join(put);
  }
  const k = int(nth);
  if (k >= parts.length) return t as string;
  return parts.slice(0, k).join(text(old)) + put + parts.slice(k).join(text(old));
}

function between(run: Run, t: Value | undefined, from: Value | undefined, to: Value | undefined): Value {
  const [all, a, b] = [text(t), text(from), text(to)];
  const out: string[] = [];
  for (let i = all.indexOf(a); i >= 0; ) {
    const begin = i + a.length;
    const end = all.indexOf(b, begin);
    if (end < 0) break;
    run.tick();
    out.push(all.slice(begin, end));
    i = all.indexOf(a, end + b.length);
  }
  return out;
}

function repeat(run: Run, t: Value | undefined, times: Value | undefined): Value {
  const k = int(times);
  if (k < 0) throw refuse('REPT');
  run.textSize(points(text(t)).length * k);
  return text(t).repeat(k);
}

function char(code: number): string {
  if (code < 1 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw refuse('CHAR');
  return String.fromCodePoint(code);
}

function countChar(run: Run, [t, sub]: Value[]): Value {
  if (isBlank(t)) return n(0);
  return isBlank(sub) ? len(run, t) : n(text(t).split(text(sub)).length - 1);
}

/** An empty separator is one of its own: it gives the code points. */
const separator = (run: Run, args: Value[]) => (args.length > 1 ? toText(args[1] ?? null, run.zone) : ',');

const split: Fn = (run, args) => {
  if (isBlank(args[0])) return null;
  const sep = separator(run, args);
  return sep ? text(args[0]).split(sep) : points(text(args[0]));
};

function part(_run: Run, t: Value | undefined, sep: Value | undefined, k: Value | undefined): Value {
  const parts = text(t).split(text(sep));
  const i = int(k);
  return i === 0 ? null : (parts[i < 0 ? parts.length + i : i - 1] ?? null);
}

const joined: Fn = (run, args) => {
  const by = separator(run, args);
  const parts = list(args[0]).filter((x) => !isBlank(x));
  let out = '';
  parts.forEach((x, i) => {
    out += (i ? by : '') + toText(x, run.zone);
    run.checked(out.length > 4 * maxText ? out : null);
  });
  return out;
};

const value = strict(1, (_run, t) => {
  if (t instanceof Decimal) return t;
  return readNumber(text(t)) ?? null;
});

/** Plain text with exactly that many places. */
export function fixed(d: Decimal, places: number, group = false): string {
  const [whole, fraction = ''] = d.round(places).toString().split('.') as [string, string?];
  const digits = group ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return places > 0 ? `${digits}.${fraction}${'0'.repeat(places - fraction.length)}` : digits;
}

function fixedText(_run: Run, v: Value | undefined, places: Value | undefined, group: Value | undefined): Value {
  const p = int(places, 2);
  if (p < 0 || p > 20) throw refuse('FIXED');
  const out = fixed(num(v), p, bool(group));
  return /^-[0.,]*$/.test(out) ? out.slice(1) : out;
}

function formatted(run: Run, v: Value | undefined, format: Value | undefined): Value {
  if (format === undefined || !(v instanceof Decimal || v instanceof Instant)) return toText(v as Value, run.zone);
  return v instanceof Decimal ? formatNumber(v, text(format)) : formatDate(v, text(format), run.zone);
}

function capital(_run: Run, v: Value | undefined): Value {
  const d = num(v);
  const capitals = rmbCapital(d);
  if (!capitals) throw refuse('RMBFORMAT');
  return capitals;
}

const uri = (f: (t: string) => string) =>
  strict(1, (_run, t) => {
    try {
      return f(text(t));
    } catch {
      return null;
    }
  });

function place(run: Run, v: Value | undefined, what: Value | undefined): Value {
  const name = text(what, 'address');
  if (!/^(address|lng|lat|region|detail)$/.test(name)) throw refuse('TEXTLOCATION');
  const found = row(v).get(name);
  return Array.isArray(found) ? found.map((x) => toText(x, run.zone)).join('') : toText(found, run.zone);
}

const withoutControls = (t: string) =>
  points(t)
    .filter((c) => c >= ' ' && c !== '\u007f')
    .join('');

const one = (f: (t: string) => Value) => strict(1, (_run, t) => f(text(t)));

const replaced: Fn = (run, args) => strict(3, replace)(run, args);

export const textFunctions: Record<string, Fn> = {
  LEN: (run, [v]) => len(run, v),
  ARRAYLENGTH: (run, [v]) => len(run, v),
  LEFT: strict(1, (_r, t, k) =>
    points(text(t))
      .slice(0, clamp(int(k, 1)))
      .join(''),
  ),
  RIGHT: strict(1, (_r, t, k) => {
    const all = points(text(t));
    return all.slice(Math.max(0, all.length - clamp(int(k, 1)))).join('');
  }),
  MID: strict(3, (_r, t, start, k) => {
    const from = Math.max(1, int(start)) - 1;
    return points(text(t))
      .slice(from, from + clamp(int(k)))
      .join('');
  }),
  LOWER: one(lower),
  UPPER: one((t) => mapCase(t, (c) => c.toUpperCase())),
  REPLACE: replaced,
  SUBSTITUTE: substitute,
  SEARCH: position(lower),
  FIND: position((t) => t),
  FINDA: strict(3, between),
  TRIM: one((t) => t.trim()),
  LEFTTRIM: one((t) => t.trimStart()),
  RIGHTTRIM: one((t) => t.trimEnd()),
  CLEAN: one(withoutControls),
  REPT: strict(2, repeat),
  STRREVERSE: one((t) => points(t).reverse().join('')),
  CHAR: strict(1, (_r, k) => char(int(k))),
  CODE: one((t) => n(t.codePointAt(0) as number)),
  COUNTCHAR: countChar,
  SPLIT: split,
  STRINGTOARRAY: split,
  SPLITPART: strict(3, part),
  JOIN: joined,
  ARRAYTOSTRING: joined,
  VALUE: value,
  STRINGTONUMBER: value,
  PARSEDOUBLE: value,
  PARSEINT: (run, args) => {
    const d = value(run, args);
    return d instanceof Decimal ? d.round(0, 'down') : d;
  },
  NUMBERTOSTRING: strict(1, (run, v) => toText(num(v), run.zone)),
  FIXED: strict(1, fixedText),
  TEXT: strict(1, formatted),
  RMBFORMAT: strict(1, capital),
  RMBCAP: strict(1, capital),
  ENCODEURI: uri(encodeURI),
  ENCODEURICOMPONENT: uri(encodeURIComponent),
  DECODEURI: uri(decodeURIComponent),
  DECODEURICOMPONENT: uri(decodeURIComponent),
  TEXTPHONE: one((t) => t.replace(/[^0-9+]/g, '').replace(/(?!^)\+/g, '')),
  TEXTLOCATION: strict(1, place),
};
