import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useSearch } from 'wouter';
import { Logo } from '../../kit';
import { chooseLang, chosenLang, useLang, useT } from '../../texts';
import { api } from '../api';
import { keys } from '../queries';
import { LoginForm } from './form';

/** Only paths of this application; anything else would be an open redirect. */
function safeNext(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/';
}

export default function LoginPage() {
  const t = useT();
  const lang = useLang();
  const search = useSearch();
  const q = useQueryClient();
  const [, go] = useLocation();
  const done = async () => {
    // Chosen before anyone was known: now the server can keep it.
    if (chosenLang()) await api.saveMe({ lang }).catch(() => undefined);
    await q.resetQueries({ queryKey: keys.me });
    q.removeQueries({ predicate: (x) => x.queryKey[0] !== 'me' });
    go(safeNext(search), { replace: true });
  };
  return (
    <main className="fw-login">
      <div className="fw-login-box">
        <Logo size={48} />
        <h1>{t('common.appName')}</h1>
        <p className="fw-muted">{t('login.slogan')}</p>
        <LoginForm onDone={done} />
        <button
          type="button"
          className="fw-link fw-login-lang"
          onClick={() => chooseLang(lang === 'en' ? 'zh-CN' : 'en')}
        >
          {lang === 'en' ? t('common.languageZh') : t('common.languageEn')}
        </button>
      </div>
    </main>
  );
}
