/** "13812345678" → "138 1234 5678", while typing too. Other numbers stay. */
export function groupPhone(text: string): string {
  if (!/^1\d{0,10}$/.test(text)) return text;
  return [text.slice(0, 3), text.slice(3, 7), text.slice(7)].filter(Boolean).join(' ');
}

/** "13812345678" → "138****5678"; shorter numbers keep their last two digits. */
export function maskPhone(text: string): string {
  const keep = text.length >= 11 ? [3, 4] : [0, 2];
  return cover(text, keep[0] as number, keep[1] as number);
}

/** Keeps the first six (the region) and the last two characters of an identity card number. */
export function maskIdCard(text: string): string {
  return text.length >= 15 ? cover(text, 6, 2) : cover(text, 0, 2);
}

/** "110101199003074258" → "110101 19900307 4258". */
export function groupIdCard(text: string): string {
  return [text.slice(0, 6), text.slice(6, 14), text.slice(14)].filter(Boolean).join(' ');
}

function cover(text: string, head: number, tail: number): string {
  if (text.length <= head + tail) return '*'.repeat(text.length);
  return text.slice(0, head) + '*'.repeat(text.length - head - tail) + text.slice(-tail);
}
