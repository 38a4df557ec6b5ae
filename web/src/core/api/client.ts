import { ApiError, clientError, problemOf } from './error';
import { newId } from './ids';

/** Values of a query string; undefined, null and "" are left out, objects become JSON. */
export type Query = Record<string, unknown>;

/** What one call may ask for. */
export interface CallOptions {
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as is (file parts). */
  raw?: Blob | ArrayBuffer | Uint8Array | string;
  headers?: Record<string, string>;
  /** The same key for every attempt of one intention, so that a double tap is one submit. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Milliseconds; 0 = no limit. */
  timeout?: number;
}

/** How a client reaches the server. */
export interface ClientOptions {
  /** Prefix of all paths, e.g. "/sub" behind a proxy; default "". */
  base?: string;
  fetch?: typeof fetch;
  /** Reads a cookie by name; default document.cookie. */
  cookie?: (name: string) => string;
  /** Bearer token, where cookies cannot be used. */
  token?: () => string | undefined;
  lang?: () => string;
  /** Milliseconds per attempt; default 30 000. */
  timeout?: number;
  /** Further attempts of a repeatable call; default 2. */
  retries?: number;
  /** Called on 401, once for all calls that wait; true = logged in again, repeat the call. */
  onUnauthorized?: () => Promise<boolean> | boolean;
  sleep?: (ms: number) => Promise<void>;
}

/** Sends JSON calls and gives typed answers or an ApiError. */
export interface Client {
  call<T>(method: string, path: string, options?: CallOptions): Promise<T>;
  /** The address of a path for links, images and downloads. */
  url(path: string, query?: Query): string;
}

const safe = /^(GET|HEAD)$/;
const passing = new Set([429, 502, 503, 504]);

/** Makes a client. Safe calls, and calls with an idempotency key, are repeated when the network or the server fails. */
export function createClient(options: ClientOptions = {}): Client {
  const o = withDefaults(options);
  let relogin: Promise<boolean> | undefined;

  const again = () => {
    relogin ??= Promise.resolve(o.onUnauthorized?.() ?? false).finally(() => {
      relogin = undefined;
    });
    return relogin;
  };

  async function call<T>(method: string, path: string, c: CallOptions = {}): Promise<T> {
    const repeatable = safe.test(method) || !!c.idempotencyKey;
    let asked = false;
    for (let attempt = 0; ; attempt++) {
      const answer = await once<T>(o, method, path, c);
      if ('value' in answer) return answer.value;
      const { error } = answer;
      if (error.status === 401 && !asked && o.onUnauthorized) {
        asked = true;
        if (await again()) continue;
        throw error;
      }
      const worth = error.offline || passing.has(error.status);
      if (!repeatable || !worth || attempt >= o.retries) throw error;
      await o.sleep(answer.wait ?? 300 * 2 ** attempt);
      if (c.signal?.aborted) throw clientError('client.aborted');
    }
  }
  return { call, url: (path, query) => o.base + path + queryString(query) };
}

type Settled = ReturnType<typeof withDefaults>;

function withDefaults(o: ClientOptions) {
  return {
    ...o,
    base: o.base ?? '',
    fetch: o.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input, init)),
    cookie: o.cookie ?? browserCookie,
    timeout: o.timeout ?? 30_000,
    retries: o.retries ?? 2,
    sleep: o.sleep ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms))),
  };
}

type Answer<T> = { value: T } | { error: ApiError; wait?: number };

/** One attempt. It never throws: a failure is part of the answer. */
async function once<T>(o: Settled, method: string, path: string, c: CallOptions): Promise<Answer<T>> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  c.signal?.addEventListener('abort', abort);
  if (c.signal?.aborted) stop.abort();
  const limit = c.timeout ?? o.timeout;
  let late = false;
  const timer = limit
    ? setTimeout(() => {
        late = true;
        stop.abort();
      }, limit)
    : undefined;
  try {
    const res = await o.fetch(o.base + path + queryString(c.query), request(o, method, c, stop.signal));
    return await read<T>(res);
  } catch (e) {
    if (late) return { error: clientError('client.timeout') };
    if (c.signal?.aborted) return { error: clientError('client.aborted') };
    return { error: clientError('client.network', e instanceof Error ? e.message : '') };
  } finally {
    clearTimeout(timer);
    c.signal?.removeEventListener('abort', abort);
  }
}

function request(o: Settled, method: string, c: CallOptions, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = { Accept: 'application/json', ...c.headers };
  const lang = o.lang?.();
  if (lang) headers['Accept-Language'] = lang;
  const token = o.token?.();
  if (token) headers.Authorization = `Bearer ${token}`;
  if (!safe.test(method)) {
    const csrf = o.cookie('fw_csrf');
    if (csrf) headers['X-CSRF-Token'] = csrf;
  }
  if (c.idempotencyKey) headers['Idempotency-Key'] = c.idempotencyKey;
  headers['X-Request-ID'] = newId();
  if (c.body !== undefined) headers['Content-Type'] = 'application/json';
  const body = c.body !== undefined ? JSON.stringify(c.body) : (c.raw as BodyInit | undefined);
  return { method, headers, body, signal, credentials: 'same-origin' };
}

async function read<T>(res: Response): Promise<Answer<T>> {
  const requestId = res.headers.get('X-Request-ID') ?? '';
  const text = await res.text();
  if (!res.ok) {
    const after = Number(res.headers.get('Retry-After'));
    // A longer pause than this is the user's to decide, not ours.
    const wait = after > 0 && after <= 5 ? after * 1000 : undefined;
    return { error: problemOf(res.status, text, requestId), wait };
  }
  if (!text) return { value: undefined as T };
  try {
    return { value: JSON.parse(text) as T };
  } catch {
    return { error: new ApiError(res.status, { code: 'client.bad_answer', request_id: requestId }) };
  }
}

/** "?a=1&b=2", or "" when nothing is left. */
export function queryString(query: Query = {}): string {
  const parts: string[] = [];
  for (const [key, v] of Object.entries(query)) {
    if (v === undefined || v === null || v === '') continue;
    const text = typeof v === 'object' ? JSON.stringify(v) : String(v);
    parts.push(`${encodeURIComponent(key)}=${encodeURIComponent(text)}`);
  }
  return parts.length ? `?${parts.join('&')}` : '';
}

function browserCookie(name: string): string {
  if (typeof document === 'undefined') return '';
  for (const part of document.cookie.split('; ')) {
    if (part.startsWith(`${name}=`)) return decodeURIComponent(part.slice(name.length + 1));
  }
  return '';
}
