/** Text of decimals for inputs: all of it on strings, no binary float ever holds an amount. */

const shape = /^-?(\d+\.?\d*|\.\d+)$/;

/** What a person may type or paste: full-width digits, separators, currency signs, blanks. */
export function cleanNumber(text: string): string {
  let s = '';
  for (const c of text.normalize('NFKC')) {
    if ((c >= '0' && c <= '9') || c === '.') s += c;
    else if ((c === '-' || c === '−') && s === '') s = '-';
    else if (c === '。') s += '.';
  }
  const dot = s.indexOf('.');
  return dot < 0 ? s : s.slice(0, dot + 1) + s.slice(dot + 1).replaceAll('.', '');
}

/** The wire form of typed text: no leading zeros, no open point; "" when it is no number yet. */
export function wireNumber(typed: string): string {
  if (!shape.test(typed)) return '';
  const negative = typed.startsWith('-');
  const [int = '', frac = ''] = (negative ? typed.slice(1) : typed).split('.');
  const whole = int.replace(/^0+(?=\d)/, '') || '0';
  const text = frac ? `${whole}.${frac}` : whole;
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}

/** Thousands separators in the integer part; `scale` decimals when it is not negative, more only where the value needs them. */
export function groupNumber(value: string, scale = -1): string {
  if (!shape.test(value)) return value;
  const negative = value.startsWith('-');
  const [int = '', frac = ''] = (negative ? value.slice(1) : value).split('.');
  const decimals = scale < 0 ? frac : frac.replace(/0+$/, '').padEnd(scale, '0');
  const grouped = (int || '0').replace(/\B(?=(\d{3})+$)/g, ',');
  return `${negative ? '-' : ''}${grouped}${decimals ? `.${decimals}` : ''}`;
}

/** Moves the decimal point to the right (places > 0) or left: "0.15" by 2 is "15". */
export function shiftPoint(value: string, places: number): string {
  if (!shape.test(value)) return value;
  const negative = value.startsWith('-');
  const [int = '', frac = ''] = (negative ? value.slice(1) : value).split('.');
  let digits = int + frac;
  let point = int.length + places;
  if (point <= 0) {
    digits = '0'.repeat(1 - point) + digits;
    point = 1;
  }
  digits = digits.padEnd(point, '0');
  const whole = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  const rest = digits.slice(point).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${rest ? `.${rest}` : ''}`;
}
