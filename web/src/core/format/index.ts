import { Decimal } from '../formula/decimal';
import { rmbCapital } from '../formula/rmb';

export * from './date';
export * from './display';
export * from './mask';
export * from './number';

/** 人民币大写 of a decimal text; "" for what is no amount. */
export function capitalAmount(value: unknown): string {
  const d = Decimal.parse(String(value ?? ''));
  return d && !d.over ? rmbCapital(d) : '';
}
