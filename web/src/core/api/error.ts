import type { FieldFault, Json, ProblemBody } from './types';

/** Codes the client itself gives; all others come from the server. */
export type ClientCode = 'client.network' | 'client.timeout' | 'client.aborted' | 'client.bad_answer';

/**
 * Every failed call rejects with an ApiError. `status` is 0 when no answer
 * came at all; then `code` is one of ClientCode.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly params: Record<string, Json>;
  /** Places in the data, by JSON pointer. */
  readonly errors: FieldFault[];
  readonly requestId: string;

  constructor(status: number, body: ProblemBody) {
    super(body.detail || body.title || body.code || `HTTP ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.code = body.code || `http.${status}`;
    this.title = body.title || '';
    this.params = body.params || {};
    this.errors = body.errors || [];
    this.requestId = body.request_id || '';
    Object.setPrototypeOf(this, ApiError.prototype);
  }

  /** Nothing was received: the network, a time limit, or the caller ended it. */
  get offline(): boolean {
    return this.status === 0 && this.code !== 'client.aborted';
  }

  /** The record changed since it was read. */
  get stale(): boolean {
    return this.status === 409 && this.code.endsWith('stale');
  }
}

/** Makes an ApiError for a failure on this side of the wire. */
export function clientError(code: ClientCode, detail = ''): ApiError {
  return new ApiError(0, { code, detail });
}

/** Reads an error answer; a body that is no problem+json still gives a usable error. */
export function problemOf(status: number, text: string, requestId: string): ApiError {
  let body: ProblemBody = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (parsed && typeof parsed === 'object') body = parsed as ProblemBody;
  } catch {
    // A proxy's HTML page: the status is all we know.
  }
  return new ApiError(status, { ...body, request_id: body.request_id || requestId });
}
