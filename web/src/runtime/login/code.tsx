import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { ApiError } from '../../core/api';
import type { Enrolment } from '../../core/api/security';
import { Button, TextInput, textOf, toast } from '../../kit';
import { useSecurityTexts } from './texts';

/** A code of the authenticator; what is wrong with it is shown below. */
export function CodeForm(props: {
  submit: string;
  /** Fields before the code. */
  children?: ReactNode;
  /** A recovery code will do too. */
  recovery?: boolean;
  onCode(code: string): Promise<void>;
}) {
  const t = useSecurityTexts();
  const id = useId();
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy || !code.trim()) return;
    setBusy(true);
    setProblem('');
    try {
      await props.onCode(code.trim());
    } catch (x) {
      setProblem(x instanceof ApiError && x.code === 'auth.totp' ? t('sec.wrongCode') : textOf(x));
      setCode('');
      document.getElementById(id)?.focus();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="fw-login-form" onSubmit={submit} noValidate>
      {props.children}
      <label htmlFor={id}>{t('sec.code')}</label>
      <div className="fw-login-input">
        <TextInput
          id={id}
          value={code}
          onChange={setCode}
          inputMode={props.recovery ? 'text' : 'numeric'}
          autoComplete="one-time-code"
          maxLength={props.recovery ? 20 : 6}
          placeholder={props.recovery ? t('sec.codeHint') : undefined}
          autoFocus
          invalid={!!problem}
          describedBy={`${id}-e`}
        />
      </div>
      <p id={`${id}-e`} role="alert" className="fw-login-error">
        {problem}
      </p>
      <Button kind="primary" size="large" block type="submit" loading={busy} disabled={!code.trim()}>
        {props.submit}
      </Button>
    </form>
  );
}

/** What the authenticator has to be given. */
export function EnrolmentPicture({ enrolment }: { enrolment: Enrolment }) {
  const t = useSecurityTexts();
  const grouped = enrolment.secret.replace(/(.{4})(?=.)/g, '$1 ');
  return (
    <div className="fw-enrol">
      <p className="fw-muted">{t('sec.enrolText')}</p>
      <img
        src={`data:image/svg+xml;base64,${btoa(enrolment.qr)}`}
        width={196}
        height={196}
        alt={t('sec.qr')}
        className="fw-enrol-qr"
      />
      <p className="fw-muted">{t('sec.enrolSecret')}</p>
      <code className="fw-enrol-secret">{grouped}</code>
    </div>
  );
}

/** Recovery codes; they are shown this once. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone(): void }) {
  const t = useSecurityTexts();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(codes.join('\n'));
      toast(t('sec.copied'), 'success');
    } catch {
      toast(t('sec.copyFailed'), 'error');
    }
  };
  return (
    <div className="fw-recovery">
      <p className="fw-muted">{t('sec.recoveryText')}</p>
      <ul>
        {codes.map((c) => (
          <li key={c}>
            <code>{c}</code>
          </li>
        ))}
      </ul>
      <Button size="large" block onClick={() => void copy()}>
        {t('sec.copy')}
      </Button>
      <Button kind="primary" size="large" block onClick={onDone}>
        {t('sec.saved')}
      </Button>
    </div>
  );
}
