import './steps.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LoginAnswer, LoginStep } from '../../core/api';
import { createSecurityApi } from '../../core/api/security';
import { Button, ErrorState, Skeleton } from '../../kit';
import { api } from '../api';
import { NewPassword } from '../password/new-password';
import { CodeForm, EnrolmentPicture, RecoveryCodes } from './code';
import { useSecurityTexts } from './texts';

const security = createSecurityApi(api.client);

/** What stands between account and password and a session: one step after the other. */
export function LoginSteps(props: { first: LoginStep; onDone(): void; onAgain(): void }) {
  const t = useSecurityTexts();
  const [step, setStep] = useState<LoginStep | null>(props.first);
  const [codes, setCodes] = useState<string[]>([]);
  const next = (a: LoginAnswer) => {
    if (a.recovery_codes?.length) setCodes(a.recovery_codes);
    if (a.need) setStep(a);
    else {
      setStep(null);
      if (!a.recovery_codes?.length) props.onDone();
    }
  };
  const seen = () => {
    setCodes([]);
    if (!step) props.onDone();
  };
  if (codes.length) {
    return (
      <section aria-labelledby="fw-step">
        <h2 id="fw-step">{t('sec.recoveryTitle')}</h2>
        <RecoveryCodes codes={codes} onDone={seen} />
      </section>
    );
  }
  if (!step) return null;
  return (
    <section aria-labelledby="fw-step" className="fw-step">
      {step.need === 'totp' && <Totp ticket={step.ticket} onNext={next} />}
      {step.need === 'enrol' && <Enrol ticket={step.ticket} onNext={next} />}
      {step.need === 'password' && <Password step={step} onNext={next} />}
      <Button kind="text" onClick={props.onAgain}>
        {t('sec.again')}
      </Button>
    </section>
  );
}

interface StepProps {
  ticket: string;
  onNext(a: LoginAnswer): void;
}

function Totp({ ticket, onNext }: StepProps) {
  const t = useSecurityTexts();
  return (
    <>
      <h2 id="fw-step">{t('sec.totpTitle')}</h2>
      <p className="fw-muted">{t('sec.totpText')}</p>
      <CodeForm
        submit={t('sec.verify')}
        recovery
        onCode={async (code) => onNext(await security.loginTotp({ ticket, code }))}
      />
    </>
  );
}

function Enrol({ ticket, onNext }: StepProps) {
  const t = useSecurityTexts();
  // Asking again would make another secret: once per ticket.
  const enrolment = useQuery({
    queryKey: ['enrol', ticket],
    queryFn: () => security.loginEnrol(ticket),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return (
    <>
      <h2 id="fw-step">{t('sec.enrolTitle')}</h2>
      <p className="fw-muted">{t('sec.enrolForced')}</p>
      {enrolment.isPending && <Skeleton rows={4} />}
      {enrolment.error && <ErrorState error={enrolment.error} onRetry={() => void enrolment.refetch()} />}
      {enrolment.data && (
        <>
          <EnrolmentPicture enrolment={enrolment.data} />
          <CodeForm
            submit={t('sec.confirm')}
            onCode={async (code) => onNext(await security.loginEnrolConfirm({ ticket, code }))}
          />
        </>
      )}
    </>
  );
}

function Password({ step, onNext }: { step: LoginStep; onNext(a: LoginAnswer): void }) {
  const t = useSecurityTexts();
  return (
    <>
      <h2 id="fw-step">{t('sec.passwordTitle')}</h2>
      <p className="fw-muted">{t('sec.passwordText')}</p>
      <NewPassword
        policy={step.policy}
        submit={t('sec.goOn')}
        problemOf={(x) => (x.code === 'auth.ticket' ? t('sec.ticket') : undefined)}
        onSave={async (password) => onNext(await security.loginPassword({ ticket: step.ticket, password }))}
      />
    </>
  );
}
