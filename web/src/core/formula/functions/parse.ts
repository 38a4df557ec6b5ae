import { Decimal } from '../decimal';

const full = /[\uff10-\uff19\uff0e\uff0d\uff0b\uff0c\uff05]/g;

/** Reads what people write as a number: "￥1,234.50", "１５％"; undefined for what is none. */
export function readNumber(text: string): Decimal | undefined {
  let t = text.replace(full, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).trim();
  t = t.replace(/^([+-]?)[¥￥$]/, '$1').replace(/,/g, '');
  const percent = t.endsWith('%');
  if (percent) t = t.slice(0, -1);
  if (!/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(t)) return undefined;
  const d = Decimal.parse(t);
  return d && percent ? d.div(Decimal.of(100)) : d;
}
