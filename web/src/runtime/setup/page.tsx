import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { ApiError } from '../../core/api';
import { faultText } from '../../core/i18n';
import { Button, Logo, TextInput, textOf } from '../../kit';
import { api } from '../api';
import { useSetupTexts } from './texts';

const fields = ['name', 'user', 'password', 'again'] as const;
type Field = (typeof fields)[number];
type Problems = Partial<Record<Field | 'all', string>>;

/** As the server demands; it has the last word. */
const minPassword = 8;

/** The first administrator, by the one-time link the program printed: /setup?tenant=…&token=… */
export default function SetupPage() {
  const t = useSetupTexts();
  const params = new URLSearchParams(useSearch());
  const tenant = params.get('tenant') ?? '';
  const token = params.get('token') ?? '';
  const q = useQueryClient();
  const [, go] = useLocation();
  const [values, setValues] = useState<Record<Field, string>>({ name: '', user: '', password: '', again: '' });
  const [problems, setProblems] = useState<Problems>({});
  const [busy, setBusy] = useState(false);

  const show = (found: Problems) => {
    setProblems(found);
    const first = fields.find((f) => found[f]);
    if (first) document.getElementById(`setup-${first}`)?.focus();
  };
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy) return;
    const found = check(values, t);
    if (Object.keys(found).length) return show(found);
    setBusy(true);
    setProblems({});
    try {
      const { name, user, password } = values;
      await api.setup({ tenant, token, user: user.trim(), name: name.trim(), password });
      await q.resetQueries();
      go('/', { replace: true });
    } catch (x) {
      show(problemsOf(x, t));
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="fw-login">
      <div className="fw-login-box">
        <Logo size={48} />
        <h1>{t('setup.title')}</h1>
        <p className="fw-muted">{t(token ? 'setup.intro' : 'setup.noLink')}</p>
        {token && (
          <form className="fw-login-form" onSubmit={submit} noValidate>
            {fields.map((f) => (
              <SetupField
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
              {t('setup.submit')}
            </Button>
          </form>
        )}
        <button type="button" className="fw-link fw-login-lang" onClick={() => go('/login')}>
          {t('setup.login')}
        </button>
      </div>
    </main>
  );
}

const hints = { name: 'setup.nameHint', user: 'setup.userHint', password: 'setup.passwordHint', again: '' } as const;
const complete = { name: 'name', user: 'username', password: 'new-password', again: 'new-password' };

function SetupField(props: { name: Field; value: string; problem?: string; onChange(v: string): void }) {
  const t = useSetupTexts();
  const { name, problem } = props;
  const id = `setup-${name}`;
  const hint = hints[name];
  return (
    <>
      <label htmlFor={id}>{t(`setup.${name}`)}</label>
      <div className="fw-login-input">
        <TextInput
          id={id}
          type={name === 'password' || name === 'again' ? 'password' : 'text'}
          value={props.value}
          onChange={props.onChange}
          placeholder={hint && t(hint)}
          autoComplete={complete[name]}
          autoFocus={name === 'name'}
          invalid={!!problem}
          describedBy={problem ? `${id}-e` : undefined}
        />
      </div>
      {problem && (
        <p id={`${id}-e`} className="fw-login-error">
          {problem}
        </p>
      )}
    </>
  );
}

type T = ReturnType<typeof useSetupTexts>;

function check(v: Record<Field, string>, t: T): Problems {
  const out: Problems = {};
  if (!v.name.trim()) out.name = t('setup.needName');
  if (!v.user.trim()) out.user = t('setup.needUser');
  if (Array.from(v.password).length < minPassword) out.password = t('setup.needPassword');
  else if (v.password !== v.again) out.again = t('setup.different');
  return out;
}

/** Which place of the form the server's refusal is about. */
function problemsOf(x: unknown, t: T): Problems {
  if (!(x instanceof ApiError)) return { all: textOf(x) };
  if (x.code === 'auth.link') return { all: t('setup.link') };
  if (x.code === 'auth.setup_done') return { all: t('setup.done') };
  const out: Problems = {};
  for (const e of x.errors) {
    const place = e.path === '/login' ? 'user' : e.path.slice(1);
    const own = e.code === 'same_as_login' || e.code === 'too_simple' || e.code === 'too_common';
    const text = own ? t(`setup.${e.code as 'too_simple'}`) : faultText(e);
    out[fields.includes(place as Field) ? (place as Field) : 'all'] = text;
  }
  return Object.keys(out).length ? out : { all: textOf(x) };
}
