import { useLocation, useSearch } from 'wouter';
import { takePasswordLink } from '../../core/api/admin';
import { Logo, toast } from '../../kit';
import { api } from '../api';
import { NewPassword } from './new-password';
import { usePasswordTexts } from './texts';

/** A new password by the one-time link an administrator made: /password?tenant=…&user=…&token=… */
export default function PasswordPage() {
  const t = usePasswordTexts();
  const params = new URLSearchParams(useSearch());
  const [tenant, user, token] = ['tenant', 'user', 'token'].map((x) => params.get(x) ?? '') as [string, string, string];
  const [, go] = useLocation();
  const save = async (password: string) => {
    await takePasswordLink(api.client, { tenant, user, token, password });
    toast(t('pw.done'), 'success');
    go('/login', { replace: true });
  };
  const usable = user && token;
  return (
    <main className="fw-login">
      <div className="fw-login-box">
        <Logo size={48} />
        <h1>{t('pw.title')}</h1>
        <p className="fw-muted">{t(usable ? 'pw.intro' : 'pw.noLink')}</p>
        {usable && <NewPassword onSave={save} problemOf={(x) => (x.code === 'auth.link' ? t('pw.link') : undefined)} />}
        <button type="button" className="fw-link fw-login-lang" onClick={() => go('/login')}>
          {t('pw.login')}
        </button>
      </div>
    </main>
  );
}
