import type { Decimal } from './decimal';

const numerals = '零壹贰叁肆伍陆柒捌玖';
const places = ['', '拾', '佰', '仟'];
const groups = ['', '万', '亿', '兆'];

/** An amount in RMB capitals (人民币大写), rounded to 分: 1005.5 → 壹仟零伍元伍角整; "" from 10^16 on. */
export function rmbCapital(amount: Decimal): string {
  const d = amount.round(2);
  const [whole, cents = '00'] = d.abs().rescale(2).toString().split('.') as [string, string?];
  if (amount.over || whole.length > 16) return '';
  if (d.sign() === 0) return '零元整';
  const yuan = wholePart(whole);
  const [jiao, fen] = [Number(cents[0]), Number(cents[1])];
  let out = `${d.sign() < 0 ? '负' : ''}${yuan ? `${yuan}元` : ''}`;
  if (jiao) out += `${numerals[jiao]}角`;
  else if (fen && yuan) out += '零';
  return out + (fen ? `${numerals[fen]}分` : '整');
}

/** The integer digits in capitals; "" for 0. */
function wholePart(text: string): string {
  const padded = '0'.repeat((4 - (text.length % 4)) % 4) + text;
  const count = padded.length / 4;
  let out = '';
  let gap = false;
  for (let i = 0; i < count; i++) {
    const four = padded.slice(i * 4, i * 4 + 4);
    const said = section(four);
    if (!said) {
      gap = out !== '';
      continue;
    }
    if (out && (gap || four[0] === '0')) out += '零';
    out += said + groups[count - 1 - i];
    gap = false;
  }
  return out;
}

/** Four digits without leading zeros: "0305" → 叁佰零伍. */
function section(four: string): string {
  let out = '';
  let gap = false;
  for (let i = 0; i < 4; i++) {
    const n = Number(four[i]);
    if (n === 0) {
      gap = out !== '';
      continue;
    }
    out += (gap ? '零' : '') + numerals[n] + places[3 - i];
    gap = false;
  }
  return out;
}
