import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { ApiError } from '../../core/api';
import type { PasswordPolicy } from '../../core/api/security';
import { faultText } from '../../core/i18n';
import { Button, TextInput, textOf } from '../../kit';
import { usePasswordTexts } from './texts';

/** What the server demands where it does not say. */
const usual = { min_length: 8, classes: 0, history: 0 };
const fields = ['password', 'again'] as const;
type Field = (typeof fields)[number];
type Problems = Partial<Record<Field | 'all', string>>;
type T = ReturnType<typeof usePasswordTexts>;
type Policy = Pick<PasswordPolicy, 'min_length' | 'classes' | 'history'>;

/** A new password, twice. What the server refuses is shown at its place. */
export function NewPassword(props: {
  policy?: Policy;
  submit?: string;
  /** Fields before the two. */
  children?: ReactNode;
  /** Texts for refusals this page knows better. */
  problemOf?(x: ApiError): string | undefined;
  onSave(password: string): Promise<void>;
}) {
  const t = usePasswordTexts();
  const id = useId();
  const policy = props.policy ?? usual;
  const [values, setValues] = useState<Record<Field, string>>({ password: '', again: '' });
  const [problems, setProblems] = useState<Problems>({});
  const [busy, setBusy] = useState(false);
  const show = (found: Problems) => {
    setProblems(found);
    const first = fields.find((f) => found[f]);
    if (first) document.getElementById(`${id}-${first}`)?.focus();
  };
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy) return;
    const found = check(values, policy, t);
    if (Object.keys(found).length) return show(found);
    setBusy(true);
    setProblems({});
    try {
      await props.onSave(values.password);
    } catch (x) {
      const own = x instanceof ApiError ? props.problemOf?.(x) : undefined;
      show(own ? { all: own } : problemsOf(x, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="fw-login-form" onSubmit={submit} noValidate>
      {props.children}
      {fields.map((f) => (
        <Line
          key={f}
          id={`${id}-${f}`}
          label={t(`pw.${f}`)}
          hint={f === 'password' ? demands(policy, t) : undefined}
          value={values[f]}
          problem={problems[f]}
          onChange={(v) => setValues((old) => ({ ...old, [f]: v }))}
        />
      ))}
      <p role="alert" className="fw-login-error">
        {problems.all}
      </p>
      <Button kind="primary" size="large" block type="submit" loading={busy}>
        {props.submit ?? t('pw.submit')}
      </Button>
    </form>
  );
}

/** One password with its name and what is wrong with it. */
function Line(props: {
  id: string;
  label: string;
  hint?: string;
  value: string;
  problem?: string;
  onChange(v: string): void;
}) {
  const { id, hint, problem } = props;
  return (
    <>
      <label htmlFor={id}>{props.label}</label>
      <div className="fw-login-input">
        <TextInput
          id={id}
          type="password"
          value={props.value}
          onChange={props.onChange}
          placeholder={hint}
          autoComplete="new-password"
          autoFocus={!!hint}
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

/** The demands of the organisation in one line. */
function demands(p: Policy, t: T): string {
  const all = [t('pw.hint', { n: p.min_length })];
  if (p.classes > 1) all.push(t('pw.hintClasses', { n: p.classes }));
  if (p.history) all.push(t('pw.hintHistory', { n: p.history }));
  return all.join(t('pw.comma'));
}

function check(v: Record<Field, string>, p: Policy, t: T): Problems {
  if (Array.from(v.password).length < p.min_length) return { password: t('pw.short', { n: p.min_length }) };
  return v.password === v.again ? {} : { again: t('pw.different') };
}

const own = ['same_as_login', 'too_simple', 'too_common'] as const;

function problemsOf(x: unknown, t: T): Problems {
  if (!(x instanceof ApiError)) return { all: textOf(x) };
  const e = x.errors.find((f) => f.path === '/password');
  if (!e) return { all: textOf(x) };
  if (e.code === 'min_length') return { password: t('pw.short', { n: Number(e.params?.min ?? usual.min_length) }) };
  if (e.code === 'classes') return { password: t('pw.classes', { n: Number(e.params?.classes ?? 3) }) };
  if (e.code === 'reused') return { password: t('pw.reused', { n: Number(e.params?.last ?? 1) }) };
  const known = own.find((code) => code === e.code);
  return { password: known ? t(`pw.${known}`) : faultText(e) };
}
