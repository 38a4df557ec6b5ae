import { expect, test } from 'vitest';
import { type ApiError, createApi, createClient, queryString } from './index';

interface Seen {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: unknown;
}

/** A server that gives the answers in turn and remembers what it saw. */
function server(...answers: (Response | Error)[]) {
  const seen: Seen[] = [];
  const slept: number[] = [];
  const fetch = (async (url: string, init: RequestInit) => {
    seen.push({ method: init.method ?? '', url, headers: init.headers as Record<string, string>, body: init.body });
    const next = answers.shift() ?? new Error('no more answers');
    if (next instanceof Error) throw next;
    return next;
  }) as unknown as typeof globalThis.fetch;
  const sleep = async (ms: number) => {
    slept.push(ms);
  };
  return { seen, slept, options: { fetch, sleep, cookie: (n: string) => (n === 'fw_csrf' ? 'c-1' : '') } };
}

const ok = (body: unknown) => new Response(JSON.stringify(body));
const fail = (status: number, body: unknown, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const caught = (p: Promise<unknown>) =>
  p.then(
    () => {
      throw new Error('no error');
    },
    (e: ApiError) => e,
  );

test('unsafe calls carry the CSRF header and an idempotency key', async () => {
  const s = server(ok({ id: 'r1' }));
  const api = createApi(createClient({ ...s.options, base: '/sub', lang: () => 'en' }));
  await api.createRecord('cost.contract', { data: { name: 'x' }, submit: true }, 'key-1');
  expect(s.seen[0]).toMatchObject({
    method: 'POST',
    url: '/sub/api/v1/forms/cost.contract/records',
    body: '{"data":{"name":"x"},"submit":true}',
  });
  expect(s.seen[0]?.headers).toMatchObject({
    'X-CSRF-Token': 'c-1',
    'Idempotency-Key': 'key-1',
    'Accept-Language': 'en',
    'Content-Type': 'application/json',
  });
});

test('safe calls are repeated when the network fails, with growing pauses, then give up', async () => {
  const s = server(new TypeError('x'), fail(503, {}), ok({ items: [] }));
  expect(await createApi(createClient(s.options)).apps()).toEqual({ items: [] });
  expect(s.slept).toEqual([300, 600]);
  expect(s.seen[0]?.headers['X-CSRF-Token']).toBeUndefined();

  const dead = server(new TypeError('x'), new TypeError('x'), new TypeError('x'));
  const e = await caught(createApi(createClient(dead.options)).apps());
  expect([e.code, e.offline, dead.seen.length]).toEqual(['client.network', true, 3]);
});

test('an unsafe call without a key is never repeated', async () => {
  const s = server(new TypeError('x'));
  await caught(createApi(createClient(s.options)).deleteRecord('a.b', '1'));
  expect(s.seen).toHaveLength(1);
});

test('Retry-After is obeyed when short', async () => {
  const s = server(fail(429, {}, { 'Retry-After': '2' }), ok({ todo: 1 }));
  await createApi(createClient(s.options)).taskCounts();
  expect(s.slept).toEqual([2000]);
});

test('problem+json becomes an ApiError', async () => {
  const errors = [{ path: '/lines/0/qty', code: 'min', message: 'm', params: { min: '0' } }];
  const s = server(fail(422, { title: 'Invalid', code: 'record.invalid', errors, request_id: 'q1' }));
  const e = await caught(createApi(createClient(s.options)).createRecord('a.b', { data: {} }));
  expect([e.status, e.code, e.errors, e.requestId, e.stale]).toEqual([422, 'record.invalid', errors, 'q1', false]);
});

test('an answer that is no JSON still has a status', async () => {
  const s = server(new Response('<html>', { status: 500, headers: { 'X-Request-ID': 'q2' } }));
  const e = await caught(createClient(s.options).call('POST', '/x'));
  expect([e.code, e.status, e.requestId]).toEqual(['http.500', 500, 'q2']);
});

test('401 logs in again once for all waiting calls and repeats them', async () => {
  const s = server(fail(401, {}), fail(401, {}), ok(1), ok(2));
  let logins = 0;
  const c = createClient({
    ...s.options,
    onUnauthorized: async () => {
      logins++;
      return true;
    },
  });
  expect(await Promise.all([c.call('POST', '/a'), c.call('POST', '/b')])).toEqual([1, 2]);
  expect(logins).toBe(1);
});

test('a second 401 is an error', async () => {
  const s = server(fail(401, {}), fail(401, { code: 'session.invalid' }));
  const e = await caught(createClient({ ...s.options, onUnauthorized: () => true }).call('GET', '/a'));
  expect(e.code).toBe('session.invalid');
});

test('a time limit and a cancelled call have their own codes', async () => {
  const hang = ((_: string, init: RequestInit) =>
    new Promise((_done, no) => init.signal?.addEventListener('abort', () => no(new Error('aborted'))))) as typeof fetch;
  const c = createClient({ fetch: hang, retries: 0, cookie: () => '' });
  expect((await caught(c.call('GET', '/a', { timeout: 1 }))).code).toBe('client.timeout');
  const stop = new AbortController();
  const p = caught(c.call('GET', '/a', { signal: stop.signal }));
  stop.abort();
  expect((await p).code).toBe('client.aborted');
});

test('query strings leave blanks out and encode objects', () => {
  expect(queryString({ q: '', a: '甲', f: { op: 'eq' }, n: 0, u: undefined })).toBe(
    '?a=%E7%94%B2&f=%7B%22op%22%3A%22eq%22%7D&n=0',
  );
});
