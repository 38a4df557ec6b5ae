import { type FormEvent, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { ApiError } from '../../core/api';
import { takePasswordLink } from '../../core/api/admin';
import { faultText } from '../../core/i18n';
import { Button, Logo, TextInput, textOf, toast } from '../../kit';
import { api } from '../api';
import { usePasswordTexts } from './texts';

/** As the server demands; it has the last word. */
const minPassword = 8;
const fields = ['password', 'again'] as const;
type Field = (typeof fields)[number];
type Problems = Partial<Record<Field | 'all', string>>;
type T = ReturnType<typeof usePasswordTexts>;

/** A new password by the one-time link an administrator made: /password?tenant=…&user=…&token=… */
export default function PasswordPage() {
  const t = usePasswordTexts();
  const params = new URLSearchParams(useSearch());
  const [tenant, user, token] = ['tenant', 'user', 'token'].map((x) => params.get(x) ?? '') as [string, string, string];
  const [, go] = useLocation();
  const [values, setValues] = useState<Record<Field, string>>({ password: '', again: '' });
  const [problems, setProblems] = useState<Problems>({});
  const [busy, setBusy] = useState(false);
  const show = (found: Problems) => {
    setProblems(found);
    const first = fields.find((f) => found[f]);
    if (first) document.getElementById(`pw-${first}`)?.focus();
  };
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy) return;
    const found = check(values, t);
    if (Object.keys(found).length) return show(found);
    setBusy(true);
    setProblems({});
    try {
      await takePasswordLink(api.client, { tenant, user, token, password: values.password });
      toast(t('pw.done'), 'success');
      go('/login', { replace: true });
    } catch (x) {
      show(problemsOf(x, t));
    } finally {
      setBusy(false);
    }
  };
  const usable = user && token;
  return (
    <main className="fw-login">
      <div className="fw-login-box">
        <Logo size={48} />
        <h1>{t('pw.title')}</h1>
        <p className="fw-muted">{t(usable ? 'pw.intro' : 'pw.noLink')}</p>
        {usable && (
          <form className="fw-login-form" onSubmit={submit} noValidate>
            {fields.map((f) => (
              <Line
                key={f}
                name={f}
                value={values[f]}
                problem={problems[f]}
                onChange={(v) => setValues((old) => ({ ...old, [f]: v }))}
              />
            ))}
            <p role="alert" className="fw-login-error">
              {problems.all}
            </p>
            <Button kind="primary" size="large" block type="submit" loading={busy}>
              {t('pw.submit')}
            </Button>
          </form>
        )}
        <button type="button" className="fw-link fw-login-lang" onClick={() => go('/login')}>
          {t('pw.login')}
        </button>
      </div>
    </main>
  );
}

function Line(props: { name: Field; value: string; problem?: string; onChange(v: string): void }) {
  const t = usePasswordTexts();
  const { name, problem } = props;
  const id = `pw-${name}`;
  return (
    <>
      <label htmlFor={id}>{t(`pw.${name}`)}</label>
      <div className="fw-login-input">
        <TextInput
          id={id}
          type="password"
          value={props.value}
          onChange={props.onChange}
          placeholder={name === 'password' ? t('pw.hint') : undefined}
          autoComplete="new-password"
          autoFocus={name === 'password'}
          invalid={!!problem}
          describedBy={problem ? `${id}-e` : undefined}
        />
      </div>
      {problem && (
        <p id={`${id}-e`} role="alert" className="fw-login-error">
          {problem}
        </p>
      )}
    </>
  );
}

function check(v: Record<Field, string>, t: T): Problems {
  if (Array.from(v.password).length < minPassword) return { password: t('pw.short') };
  return v.password === v.again ? {} : { again: t('pw.different') };
}

function problemsOf(x: unknown, t: T): Problems {
  if (!(x instanceof ApiError)) return { all: textOf(x) };
  if (x.code === 'auth.link') return { all: t('pw.link') };
  const e = x.errors.find((f) => f.path === '/password');
  if (!e) return { all: textOf(x) };
  const own = e.code === 'same_as_login' || e.code === 'too_simple' || e.code === 'too_common';
  return { password: own ? t(`pw.${e.code as 'too_simple'}`) : faultText(e) };
}
