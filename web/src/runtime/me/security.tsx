import '../login/steps.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import { ApiError } from '../../core/api';
import { createSecurityApi, type Enrolment, type OwnSecurity } from '../../core/api/security';
import { formatTime } from '../../core/format';
import { Button, Cell, ErrorState, NavBar, Sheet, Skeleton, Tag, TextInput, textOf, toast, useMode } from '../../kit';
import { useLang, useT } from '../../texts';
import { api } from '../api';
import { CodeForm, EnrolmentPicture, RecoveryCodes } from '../login/code';
import { useSecurityTexts } from '../login/texts';
import { NewPassword } from '../password/new-password';
import { useMe } from '../session';

const security = createSecurityApi(api.client);
const key = ['me', 'security'];

type Open = 'password' | 'enrol' | 'codes' | 'remove';

/** My password and my second factor. */
export default function SecurityPage() {
  const t = useT();
  const s = useSecurityTexts();
  const phone = useMode() === 'phone';
  const [, go] = useLocation();
  const own = useQuery({ queryKey: key, queryFn: ({ signal }) => security.own({ signal }) });
  const [open, setOpen] = useState<Open | null>(null);
  return (
    <div className="fw-page fw-me">
      {phone ? (
        <NavBar title={s('sec.title')} onBack={() => go('/me')} backName={t('common.back')} />
      ) : (
        <h1 className="fw-page-title">{s('sec.title')}</h1>
      )}
      {own.isPending && <Skeleton rows={3} />}
      {own.error && <ErrorState error={own.error} onRetry={() => void own.refetch()} />}
      {own.data && <Lines own={own.data} onOpen={setOpen} />}
      {own.data && open && <Layer open={open} own={own.data} onClose={() => setOpen(null)} />}
    </div>
  );
}

function Lines({ own, onOpen }: { own: OwnSecurity; onOpen(x: Open): void }) {
  const s = useSecurityTexts();
  const lang = useLang();
  const { tenant } = useMe();
  const time = (iso?: string) => (iso ? formatTime(iso, lang, tenant.zone) : '');
  const { totp, password } = own;
  const changed = password.changed_at && s('sec.changedAt', { time: time(password.changed_at) });
  const due = password.expires_at && s('sec.expiresAt', { time: time(password.expires_at) });
  const facts = totp.active && [
    totp.since && s('sec.since', { time: time(totp.since) }),
    s('sec.left', { n: totp.recovery_left }),
    totp.required && s('sec.required'),
  ];
  const note = (all: (string | false | undefined)[]) => all.filter(Boolean).join(' · ');
  return (
    <>
      <section className="fw-card">
        <Cell title={s('sec.change')} note={note([changed, due])} arrow onClick={() => onOpen('password')} />
      </section>
      <section className="fw-card">
        <Cell
          title={s('sec.totp')}
          note={facts ? note(facts) : undefined}
          extra={<Tag tone={totp.active ? 'success' : 'neutral'}>{s(totp.active ? 'sec.on' : 'sec.off')}</Tag>}
        />
        {!totp.active && <Cell title={s('sec.enrol')} arrow onClick={() => onOpen('enrol')} />}
        {totp.active && <Cell title={s('sec.newCodes')} arrow onClick={() => onOpen('codes')} />}
        {totp.active && !totp.required && (
          <Cell title={<span className="fw-danger">{s('sec.remove')}</span>} arrow onClick={() => onOpen('remove')} />
        )}
      </section>
    </>
  );
}

function Layer({ open, own, onClose }: { open: Open; own: OwnSecurity; onClose(): void }) {
  const s = useSecurityTexts();
  const q = useQueryClient();
  const [codes, setCodes] = useState<string[]>([]);
  const refresh = () => q.invalidateQueries({ queryKey: key });
  const titles = { password: 'sec.change', enrol: 'sec.enrol', codes: 'sec.newCodes', remove: 'sec.remove' } as const;
  const shown = async (found: string[]) => {
    setCodes(found);
    await refresh();
  };
  const done = async (text?: string) => {
    if (text) toast(text, 'success');
    onClose();
    await refresh();
  };
  return (
    <Sheet open title={s(codes.length ? 'sec.recoveryTitle' : titles[open])} onClose={onClose}>
      <div className="fw-step">
        {codes.length > 0 ? (
          <RecoveryCodes codes={codes} onDone={onClose} />
        ) : open === 'password' ? (
          <Change own={own} onDone={() => void done(s('sec.changed'))} />
        ) : open === 'enrol' ? (
          <Enrol onCodes={(x) => void shown(x)} />
        ) : (
          <WithBoth open={open} onCodes={(x) => void shown(x)} onDone={() => void done(s('sec.removed'))} />
        )}
      </div>
    </Sheet>
  );
}

/** The present password, asked for before anything changes. */
function OldPassword({ value, onChange, label }: { value: string; onChange(v: string): void; label: string }) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <div className="fw-login-input">
        <TextInput
          id={id}
          type="password"
          value={value}
          onChange={onChange}
          autoComplete="current-password"
          autoFocus
        />
      </div>
    </>
  );
}

function Change({ own, onDone }: { own: OwnSecurity; onDone(): void }) {
  const s = useSecurityTexts();
  const [old, setOld] = useState('');
  const wrong = (x: ApiError) =>
    x.errors.some((e) => e.path === '/old_password') || x.status === 401 ? s('sec.wrongPassword') : undefined;
  return (
    <NewPassword
      policy={own.policy}
      submit={s('sec.change')}
      problemOf={wrong}
      onSave={async (password) => {
        if (!old) throw new Error(s('sec.needOld'));
        await security.changePassword({ old_password: old, password });
        onDone();
      }}
    >
      <OldPassword label={s('sec.oldPassword')} value={old} onChange={setOld} />
    </NewPassword>
  );
}

function Enrol({ onCodes }: { onCodes(codes: string[]): void }) {
  const s = useSecurityTexts();
  const [password, setPassword] = useState('');
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  if (enrolment) {
    return (
      <>
        <EnrolmentPicture enrolment={enrolment} />
        <CodeForm
          submit={s('sec.confirm')}
          onCode={async (code) => onCodes((await security.confirm(code)).recovery_codes)}
        />
      </>
    );
  }
  const next = async () => {
    if (busy || !password) return;
    setBusy(true);
    setProblem('');
    try {
      setEnrolment(await security.enrol(password));
    } catch (x) {
      setProblem(x instanceof ApiError && x.status === 422 ? s('sec.wrongPassword') : textOf(x));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="fw-login-form"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void next();
      }}
    >
      <OldPassword label={s('sec.askPassword')} value={password} onChange={setPassword} />
      <p role="alert" className="fw-login-error">
        {problem}
      </p>
      <Button kind="primary" size="large" block type="submit" loading={busy} disabled={!password}>
        {s('sec.next')}
      </Button>
    </form>
  );
}

/** New recovery codes, or the end of the second factor: both need password and code. */
function WithBoth(props: { open: Open; onCodes(codes: string[]): void; onDone(): void }) {
  const s = useSecurityTexts();
  const [password, setPassword] = useState('');
  const remove = props.open === 'remove';
  const run = async (code: string) => {
    if (remove) {
      await security.removeTotp({ password, code });
      props.onDone();
    } else {
      props.onCodes((await security.recovery({ password, code })).recovery_codes);
    }
  };
  return (
    <>
      <p className="fw-muted">{s(remove ? 'sec.removeText' : 'sec.newCodesText')}</p>
      <CodeForm submit={s(remove ? 'sec.remove' : 'sec.newCodes')} onCode={run}>
        <OldPassword label={s('sec.askPassword')} value={password} onChange={setPassword} />
      </CodeForm>
    </>
  );
}
