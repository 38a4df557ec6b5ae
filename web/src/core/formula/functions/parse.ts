import { Decimal } from '../decimal';

const full = /[\uff10-\uff19\uff0e\uff0d\uff0b\uff0c\uff05]/g;

/** Reads what people write as a number: "￥1,234.50", "１５％"; undefined for what is none. */
export function readNumber(text: string): Decimal | undefined {
  const t = text.replace(full, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).trim();
  const m = /^([+-]?)[¥￥$]?([\s\S]*?)(%?)$/.exec(t) as RegExpExecArray;
  const digits = (m[2] as string).replace(/,/g, '');
  if (!/^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(digits)) return undefined;
  const d = Decimal.parse(m[1] + digits);
  return d && m[3] ? d.div(Decimal.of(100)) : d;
}
