import {
  absBig,
  Decimal,
  digits,
  divRound,
  maxDigits,
  maxPlaces,
  one,
  overflow,
  pow10,
  ratio,
  reduce,
  ten,
  two,
  zero,
} from './decimal';

/** Places of the fixed-point numbers in here: far more than the 20 digits of a result. */
const P = 80;
/** Significant digits of ln, log10, exp and powers with a fraction in the exponent, as in Go. */
const functionDigits = 20;
const maxPowerDigits = 20_000;

/** Square root, rounded once; undefined for a negative number. */
export function sqrt(d: Decimal): Decimal | undefined {
  if (d.sign() < 0) return undefined;
  if (d.over) return d;
  const whole = Math.trunc((digits(d.coef) - d.scale + 1) / 2);
  const places = Math.min(maxPlaces, maxDigits - Math.max(whole, 0));
  const half = Math.ceil(d.scale / 2);
  const use = Math.max(places, half);
  const n = d.at(2 * half) * pow10(2 * (use - half));
  let root = rootOf(n);
  if (n - root * root > root) root += one;
  return Decimal.fit(...reduce(root, use));
}

/** The greatest integer whose square is not above n, by Newton. */
function rootOf(n: bigint): bigint {
  if (n < two) return n;
  let x = pow10(Math.ceil(digits(n) / 2));
  for (;;) {
    const y = (x + n / x) / two;
    if (y >= x) return x;
    x = y;
  }
}

/** d^x; undefined when it does not exist. An integer power is exact and rounded once. */
export function pow(d: Decimal, x: Decimal): Decimal | undefined {
  if (d.over || x.over) return overflow;
  if (x.isInt()) return powInt(d.trim(), x);
  if (d.sign() < 0 || (d.sign() === 0 && x.sign() < 0)) return undefined;
  if (d.sign() === 0) return new Decimal(zero, 0);
  return expFixed((lnFixed(d) * x.coef) / pow10(x.scale));
}

function powInt(d: Decimal, x: Decimal): Decimal | undefined {
  const e = x.coef / pow10(x.scale);
  if (e === zero) return new Decimal(one, 0);
  if (d.sign() === 0) return e > zero ? new Decimal(zero, 0) : undefined;
  // Go holds the exponent in 64 bits.
  if (digits(e) > 18) return d.sign() < 0 ? undefined : overflow;
  if (d.coef === one && d.scale === 0) return d;
  if (d.coef === -one && d.scale === 0) return e % two === zero ? d.neg() : d;
  const size = BigInt(Math.max(digits(d.coef), d.scale));
  if (absBig(e) * size > BigInt(maxPowerDigits)) return overflow;
  const n = Number(absBig(e));
  const num = raise(d.coef, n);
  const den = pow10(d.scale * n);
  return e > zero ? ratio(num, den) : ratio(den, num);
}

function raise(base: bigint, n: number): bigint {
  let r = one;
  for (let b = base; n > 0; n = Math.floor(n / 2), b *= b) if (n % 2) r *= b;
  return r;
}

/** e^d. */
export function exp(d: Decimal): Decimal {
  return d.over ? d : expFixed(d.at(Math.max(d.scale, P)) / pow10(Math.max(d.scale - P, 0)));
}

/** Natural logarithm; undefined unless d > 0. */
export function ln(d: Decimal): Decimal | undefined {
  return positive(d) ? significant(lnFixed(d), P) : undefined;
}

/** Logarithm to a base; undefined unless both are positive and the base is not 1. */
export function log(d: Decimal, base: Decimal): Decimal | undefined {
  if (!positive(d) || !positive(base) || base.cmp(new Decimal(one, 0)) === 0) return undefined;
  const b = lnFixed(base);
  const n = lnFixed(d) * pow10(P);
  return significant(divRound(b < zero ? -n : n, absBig(b)), P);
}

const positive = (d: Decimal) => d.sign() > 0 && !d.over;

/** Rounds to 20 significant digits and the limits. */
function significant(coef: bigint, scale: number): Decimal {
  const drop = Math.max(digits(coef) - functionDigits, scale - maxPlaces, 0);
  if (drop > digits(coef) + 1) return new Decimal(zero, 0);
  const c = divRound(coef, pow10(drop));
  const s = scale - drop;
  if (-s > 54) return overflow;
  return s <= 0 ? Decimal.fit(c * pow10(-s), 0) : Decimal.fit(...reduce(c, s));
}

let ln10: bigint | undefined;

/** ln 10 = 3 ln 2 + ln 1.25. */
function lnTen(): bigint {
  ln10 ??= BigInt(3) * lnNear(two * pow10(P)) + lnNear((pow10(P) * BigInt(5)) / BigInt(4));
  return ln10;
}

/** ln d × 10^P. */
function lnFixed(d: Decimal): bigint {
  const shift = digits(d.coef) - 1;
  let m = (d.coef * pow10(P)) / pow10(shift); // 1 ≤ m < 10
  let tens = shift - d.scale;
  if (m > BigInt(3) * pow10(P)) {
    m /= ten;
    tens++;
  }
  return lnNear(m) + BigInt(tens) * lnTen();
}

/** ln of a fixed-point number between 0.3 and 3: 2 atanh((m-1)/(m+1)). */
function lnNear(m: bigint): bigint {
  const unit = pow10(P);
  const z = ((m - unit) * unit) / (m + unit);
  const z2 = (z * z) / unit;
  let sum = zero;
  for (let p = z, k = 1; p !== zero; k += 2, p = (p * z2) / unit) sum += p / BigInt(k);
  return two * sum;
}

/** e^l for l × 10^P; beyond e^130 it overflows, below e^-60 it is 0. */
function expFixed(l: bigint): Decimal {
  const unit = pow10(P);
  if (l > BigInt(130) * unit) return overflow;
  if (l < BigInt(-60) * unit) return new Decimal(zero, 0);
  const tens = l / lnTen();
  const r = l - tens * lnTen();
  let sum = unit;
  for (let p = r, k = 1; p !== zero; k++, p = (p * r) / unit / BigInt(k)) sum += p;
  return significant(sum, P - Number(tens));
}
