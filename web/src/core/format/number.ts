import { Decimal } from '../formula/decimal';
import type { Lang } from '../i18n/translator';

const symbols: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€', GBP: '£', JPY: 'JP¥', HKD: 'HK$', TWD: 'NT$' };

/** "1234567.50" → "1,234,567.50"; text that is no decimal comes back as it is. */
export function group(text: string): string {
  const m = /^([+-]?)(\d+)(\.\d*)?$/.exec(text);
  if (!m) return text;
  return m[1] + (m[2] as string).replace(/\B(?=(\d{3})+$)/g, ',') + (m[3] ?? '');
}

/** Takes what people type or paste: separators, full-width digits, spaces, a currency sign. "" when nothing is left. */
export function cleanNumber(text: string): string {
  const half = text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/。/g, '.');
  return half.replace(/[\s,_'¥￥$€£]/g, '');
}

/** A number with separators; `scale` ≥ 0 pads and rounds half away from zero, else zeros behind it are left out. */
export function formatNumber(value: unknown, scale = -1): string {
  const d = toDecimal(value);
  if (!d) return value === null || value === undefined ? '' : String(value);
  return group((scale >= 0 ? d.rescale(scale) : d.trim()).toString());
}

/** Money with the sign of its currency: two places, fewer where the field has fewer, more where the amount needs them. */
export function formatMoney(value: unknown, currency = 'CNY', scale = -1): string {
  const d = toDecimal(value);
  if (!d) return '';
  const text = group(
    d
      .abs()
      .rescale(Math.max(scale >= 0 ? Math.min(2, scale) : 2, d.trim().scale))
      .toString(),
  );
  const sign = symbols[currency] ?? `${currency} `;
  return (d.sign() < 0 ? '-' : '') + sign + text;
}

/** 0.15 → "15%". `scale` is that of the stored value: 4 allows "15.25%". */
export function formatPercent(value: unknown, scale = -1): string {
  const d = toDecimal(value);
  if (!d) return '';
  const shown = d.mul(Decimal.of(100));
  return `${group((scale >= 2 ? shown.rescale(scale - 2) : shown.trim()).toString())}%`;
}

/** "15" as typed → "0.15"; "" stays "". */
export function percentToValue(text: string): string {
  const d = Decimal.parse(text);
  return d ? new Decimal(d.coef, d.scale + 2).toString() : text;
}

/** "0.15" → "15" for editing. */
export function valueToPercent(value: unknown): string {
  const d = toDecimal(value);
  return d ? d.mul(Decimal.of(100)).trim().toString() : '';
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** 1536 → "1.5 KB". */
export function fileSize(bytes: number): string {
  let n = bytes;
  let i = 0;
  while (n >= 1024 && i < units.length - 1) {
    n /= 1024;
    i++;
  }
  return `${i === 0 || n >= 100 ? Math.round(n) : Math.round(n * 10) / 10} ${units[i]}`;
}

/** 12345678 → "1234.57万" or "12.35M"; for cards where space is short. */
export function shortNumber(value: unknown, lang: Lang): string {
  const d = toDecimal(value);
  if (!d) return '';
  const steps: [string, string][] =
    lang === 'en'
      ? [
          ['1000000000', 'B'],
          ['1000000', 'M'],
          ['1000', 'K'],
        ]
      : [
          ['100000000', '亿'],
          ['10000', '万'],
        ];
  for (const [size, unit] of steps) {
    const by = Decimal.parse(size) as Decimal;
    if (d.abs().cmp(by) >= 0) return group((d.div(by) as Decimal).rescale(2).trim().toString()) + unit;
  }
  return group(d.rescale(Math.min(2, d.scale)).toString());
}

function toDecimal(value: unknown): Decimal | undefined {
  if (value instanceof Decimal) return value;
  return typeof value === 'string' || typeof value === 'number' ? Decimal.parse(String(value)) : undefined;
}
