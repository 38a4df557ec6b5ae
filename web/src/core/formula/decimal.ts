/**
 * Exact decimals: at most 34 significant digits, 20 places, magnitude below
 * 10^54; the same results as internal/decimal in Go. Every operation rounds its
 * exact result once, half away from zero. A value keeps the places it was
 * written with ("1.50" stays "1.50") and compares by value. A result that is
 * too large is `overflow`, which every further operation keeps.
 */

export const maxDigits = 34;
export const maxPlaces = 20;
export const maxMagnitude = 54;

export const zero = BigInt(0);
export const one = BigInt(1);
export const two = BigInt(2);
export const ten = BigInt(10);
const powers: bigint[] = [one];

/** 10^n for n ≥ 0. */
export function pow10(n: number): bigint {
  while (powers.length <= n) powers.push((powers[powers.length - 1] as bigint) * ten);
  return powers[n] as bigint;
}

export const absBig = (c: bigint) => (c < zero ? -c : c);

/** Decimal digits of |c|; 0 for 0. */
export const digits = (c: bigint) => (c === zero ? 0 : absBig(c).toString().length);

const signBig = (c: bigint) => (c < zero ? -one : c > zero ? one : zero);

/** n / d rounded half away from zero; d > 0. */
export function divRound(n: bigint, d: bigint): bigint {
  return n / d + (absBig(n % d) * two >= d ? signBig(n) : zero);
}

/** How a number loses places: half away from zero, away from zero, towards zero, down, up. */
export type Rounding = 'half' | 'up' | 'down' | 'floor' | 'ceil';

/** An immutable decimal number, coef × 10^-scale. */
export class Decimal {
  constructor(
    readonly coef: bigint,
    readonly scale: number,
  ) {}

  /** Reads "-12.50" or "1e3"; undefined for what is no number, or beyond the limits. */
  static parse(text: string): Decimal | undefined {
    const m = /^([+-]?)(?=\.?\d)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
    if (!m || text.length > 96) return undefined;
    const body = ((m[2] as string) + m[3]).replace(/^0+/, '');
    const exp = Number(m[4] ?? 0);
    const scale = (m[3] as string).length - exp;
    if (Math.abs(exp) > maxPlaces || scale > maxPlaces) return undefined;
    const significant = scale > 0 ? body : body.replace(/0+$/, '');
    if (significant.length > maxDigits || body.length - scale > maxMagnitude) return undefined;
    const coef = BigInt(body || '0') * pow10(Math.max(-scale, 0));
    return new Decimal(m[1] === '-' ? -coef : coef, Math.max(scale, 0));
  }

  /** A machine integer or short fraction. */
  static of(n: number): Decimal {
    return Decimal.parse(String(n)) ?? overflow;
  }

  /** coef × 10^-scale, rounded once to the limits. */
  static fit(coef: bigint, scale: number): Decimal {
    const n = digits(coef);
    if (n - scale > maxMagnitude) return overflow;
    const drop = Math.max(scale - maxPlaces, n - maxDigits, 0);
    if (drop > 0) {
      coef = divRound(coef, pow10(drop));
      scale -= drop;
      if (digits(coef) > maxDigits && scale > 0) {
        coef /= ten; // 99…9 became 100…0
        scale--;
      }
    }
    if (scale < 0) {
      coef *= pow10(-scale);
      scale = 0;
    }
    return digits(coef) - scale > maxMagnitude ? overflow : new Decimal(coef, scale);
  }

  get over(): boolean {
    return this === overflow;
  }

  add(o: Decimal): Decimal {
    if (this.over || o.over) return overflow;
    const s = Math.max(this.scale, o.scale);
    return Decimal.fit(this.at(s) + o.at(s), s);
  }

  sub(o: Decimal): Decimal {
    return this.add(o.neg());
  }

  mul(o: Decimal): Decimal {
    return this.over || o.over ? overflow : Decimal.fit(this.coef * o.coef, this.scale + o.scale);
  }

  /** Without zeros at the end of its places; undefined when `o` is 0. */
  div(o: Decimal): Decimal | undefined {
    if (o.coef === zero && !o.over) return undefined;
    if (this.over || o.over) return overflow;
    const s = Math.max(this.scale, o.scale);
    return ratio(this.at(s), o.at(s));
  }

  /** Remainder with the sign of `o`, as in a spreadsheet; undefined when `o` is 0. */
  mod(o: Decimal): Decimal | undefined {
    if (o.coef === zero && !o.over) return undefined;
    if (this.over || o.over) return overflow;
    const s = Math.max(this.scale, o.scale);
    const d = o.at(s);
    const r = this.at(s) % d;
    return Decimal.fit(r !== zero && r < zero !== d < zero ? r + d : r, s);
  }

  neg(): Decimal {
    return this.over ? this : new Decimal(-this.coef, this.scale);
  }

  abs(): Decimal {
    return this.sign() < 0 ? this.neg() : this;
  }

  /** -1, 0 or 1; overflow is above every number. */
  cmp(o: Decimal): number {
    if (this.over || o.over) return Number(this.over) - Number(o.over);
    const s = Math.max(this.scale, o.scale);
    const a = this.at(s);
    const b = o.at(s);
    return a < b ? -1 : a > b ? 1 : 0;
  }

  sign(): number {
    return this.over || this.coef > zero ? 1 : this.coef < zero ? -1 : 0;
  }

  isInt(): boolean {
    return !this.over && this.coef % pow10(this.scale) === zero;
  }

  /** Rounds to places (negative: tens, hundreds); places beyond those written leave it as it is. */
  round(places = 0, how: Rounding = 'half'): Decimal {
    if (this.over || places >= this.scale) return this;
    const unit = pow10(this.scale - Math.max(places, -maxMagnitude));
    const r = this.coef % unit;
    let q = this.coef / unit;
    if (r !== zero && away(r, unit, how)) q += signBig(r);
    return places < 0 ? Decimal.fit(q * pow10(Math.min(-places, maxMagnitude)), 0) : Decimal.fit(q, places);
  }

  /** Exactly these places (0 to 20), if the digits allow. */
  rescale(places: number): Decimal {
    const p = Math.min(Math.max(places, 0), maxPlaces);
    const r = this.round(p);
    if (r.over || r.scale === p) return r;
    const c = r.at(p);
    return digits(c) <= maxDigits ? new Decimal(c, p) : r;
  }

  /** The same number without zeros at the end of its places. */
  trim(): Decimal {
    return this.over ? this : new Decimal(...reduce(this.coef, this.scale));
  }

  /** A binary float, for counts, positions and charts; never for amounts. */
  toNumber(): number {
    return Number(this.toString());
  }

  /** Plain notation with the places written: no exponent, never "-0". */
  toString(): string {
    if (this.over) return 'overflow';
    const minus = this.coef < zero ? '-' : '';
    const text = absBig(this.coef).toString();
    if (this.scale === 0) return minus + text;
    const padded = text.length > this.scale ? text : '0'.repeat(this.scale + 1 - text.length) + text;
    const cut = padded.length - this.scale;
    return `${minus}${padded.slice(0, cut)}.${padded.slice(cut)}`;
  }

  /** Equal numbers have equal keys. */
  key(): string {
    return this.trim().toString();
  }

  toJSON(): string {
    return this.toString();
  }

  /** The coefficient at a scale not below its own. */
  at(scale: number): bigint {
    return this.coef * pow10(scale - this.scale);
  }
}

/** A result too large to hold. */
export const overflow = new Decimal(zero, 255);

function away(r: bigint, unit: bigint, how: Rounding): boolean {
  if (how === 'half') return absBig(r) * two >= unit;
  return how === 'up' || (how === 'floor' && r < zero) || (how === 'ceil' && r > zero);
}

/** Takes the zeros at the end of the places away. */
export function reduce(coef: bigint, scale: number): [bigint, number] {
  if (coef === zero) return [coef, 0];
  while (scale > 0 && coef % ten === zero) {
    coef /= ten;
    scale--;
  }
  return [coef, scale];
}

/** num / den, rounded once; den is not 0. */
export function ratio(num: bigint, den: bigint): Decimal {
  if (den < zero) [num, den] = [-num, -den];
  const whole = digits(num / den);
  if (whole > maxMagnitude) return overflow;
  if (whole > maxDigits) {
    const unit = pow10(whole - maxDigits);
    return Decimal.fit(divRound(num, den * unit) * unit, 0);
  }
  const places = whole > 0 ? Math.min(maxPlaces, maxDigits - whole) : maxPlaces;
  return Decimal.fit(...reduce(divRound(num * pow10(places), den), places));
}
