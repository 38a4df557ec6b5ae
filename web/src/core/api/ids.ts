/** A new random id: 32 hex digits, for rows and idempotency keys. Works where crypto.randomUUID is missing. */
export function newId(): string {
  const bytes = new Uint8Array(16);
  crypto.getRandomValues(bytes);
  let out = '';
  for (const b of bytes) out += (b + 256).toString(16).slice(1);
  return out;
}
