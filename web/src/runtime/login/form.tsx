import { type FormEvent, lazy, Suspense, useId, useState } from 'react';
import type { LoginStep } from '../../core/api';
import { Button, IconButton, Spinner, TextInput, textOf } from '../../kit';
import { useT } from '../../texts';
import { api } from '../api';

const LoginSteps = lazy(() => import('./steps').then((m) => ({ default: m.LoginSteps })));

/** Account and password, and whatever else the organisation asks for. */
export function LoginForm({ user: known = '', onDone }: { user?: string; onDone(): void }) {
  const t = useT();
  const id = useId();
  const [user, setUser] = useState(known);
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [step, setStep] = useState<LoginStep | null>(null);

  const submit = async (e?: FormEvent) => {
    e?.preventDefault();
    if (busy) return;
    if (!user.trim() || !password) {
      setError(t(user.trim() ? 'login.passwordPlaceholder' : 'login.userPlaceholder'));
      document.getElementById(user.trim() ? `${id}-p` : `${id}-u`)?.focus();
      return;
    }
    setBusy(true);
    setError('');
    try {
      const answer = await api.login({ user: user.trim(), password });
      if (answer.need) setStep(answer);
      else onDone();
    } catch (x) {
      setError(textOf(x));
      document.getElementById(`${id}-p`)?.focus();
    } finally {
      setBusy(false);
    }
  };

  if (step) {
    const again = () => {
      setPassword('');
      setStep(null);
    };
    return (
      <Suspense fallback={<Spinner size={24} />}>
        <LoginSteps first={step} onDone={onDone} onAgain={again} />
      </Suspense>
    );
  }
  return (
    <form className="fw-login-form" onSubmit={submit} noValidate>
      <label htmlFor={`${id}-u`}>{t('login.user')}</label>
      <div className="fw-login-input">
        <TextInput
          id={`${id}-u`}
          value={user}
          onChange={setUser}
          autoComplete="username"
          placeholder={t('login.userPlaceholder')}
          autoFocus={!known}
          invalid={!!error}
          describedBy={`${id}-e`}
        />
      </div>
      <label htmlFor={`${id}-p`}>{t('login.password')}</label>
      <div className="fw-login-input">
        <TextInput
          id={`${id}-p`}
          type={shown ? 'text' : 'password'}
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          placeholder={t('login.passwordPlaceholder')}
          autoFocus={!!known}
          invalid={!!error}
          describedBy={`${id}-e`}
          suffix={
            <IconButton
              icon="eye"
              size={18}
              name={t(shown ? 'login.hidePassword' : 'login.showPassword')}
              onClick={() => setShown(!shown)}
            />
          }
        />
      </div>
      <p id={`${id}-e`} role="alert" className="fw-login-error">
        {error}
      </p>
      <Button kind="primary" size="large" block type="submit" loading={busy}>
        {busy ? t('login.submitting') : t('login.submit')}
      </Button>
    </form>
  );
}
