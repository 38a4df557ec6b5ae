import type { Client } from './client';
import type { Cancel } from './endpoints';
import type { Me } from './types';

/** What a password must be like. */
export interface PasswordPolicy {
  min_length: number;
  max_length: number;
  /** How many of lower case, upper case, digits and others: 0 to 4. */
  classes: number;
  /** How many earlier passwords may not come again. */
  history: number;
  /** 0 = never too old. */
  max_age_days: number;
}

/** A session, once whoever logs in is known for certain. */
export interface SessionIssued {
  token: string;
  user: Me['user'];
  need?: undefined;
}

/** One more step before there is a session. The ticket is good for ten minutes. */
export interface LoginStep {
  need: 'totp' | 'enrol' | 'password';
  ticket: string;
  expires_at: string;
  policy?: PasswordPolicy;
}

export type LoginAnswer = (SessionIssued | LoginStep) & { recovery_codes?: string[] };

/** A second factor that is not active before its first code is confirmed. */
export interface Enrolment {
  secret: string;
  uri: string;
  /** An SVG document. */
  qr: string;
}

export interface TotpState {
  active: boolean;
  since?: string;
  recovery_left: number;
  required: boolean;
}

export interface SessionInfo {
  id: string;
  created_at: string;
  expires_at: string;
  seen_at?: string;
  addr?: string;
  agent?: string;
  current?: boolean;
}

/** How an account is protected, as its owner sees it. */
export interface OwnSecurity {
  totp: TotpState;
  password: { changed_at?: string; expires_at?: string };
  policy: PasswordPolicy;
}

const v1 = '/api/v1';

/** The calls around proving who somebody is. */
export function createSecurityApi(c: Client) {
  const post = <T>(path: string, body?: unknown) => c.call<T>('POST', `${v1}${path}`, { body });
  return {
    loginTotp: (body: { ticket: string; code: string }) => post<LoginAnswer>('/session/totp', body),
    loginEnrol: (ticket: string) => post<Enrolment>('/session/enrol', { ticket }),
    loginEnrolConfirm: (body: { ticket: string; code: string }) => post<LoginAnswer>('/session/enrol/confirm', body),
    loginPassword: (body: { ticket: string; password: string }) => post<LoginAnswer>('/session/password', body),
    own: (o?: Cancel) => c.call<OwnSecurity>('GET', `${v1}/me/security`, o),
    changePassword: (body: { old_password: string; password: string }) => c.call<void>('PATCH', `${v1}/me`, { body }),
    enrol: (password: string) => post<Enrolment>('/me/totp', { password }),
    confirm: (code: string) => post<{ recovery_codes: string[] }>('/me/totp/confirm', { code }),
    recovery: (body: { password: string; code: string }) =>
      post<{ recovery_codes: string[] }>('/me/totp/recovery', body),
    removeTotp: (body: { password: string; code: string }) => post<void>('/me/totp/remove', body),
  };
}
