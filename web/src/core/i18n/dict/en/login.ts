import type { English } from '../../translator';
import type { login as base } from '../login';

export const login: English<typeof base> = {
  user: 'User',
  password: 'Password',
  userPlaceholder: 'Your user name',
  passwordPlaceholder: 'Your password',
  submit: 'Sign in',
  submitting: 'Signing in…',
  logout: 'Sign out',
  logoutConfirm: 'Sign out?',
  expired: 'The session has ended; sign in again',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  slogan: 'Forms, approvals and reports in one place',
};
