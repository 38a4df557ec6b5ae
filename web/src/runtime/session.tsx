import { useQueryClient } from '@tanstack/react-query';
import { createContext, lazy, type ReactNode, Suspense, useContext, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { Me } from '../core/api';
import type { FormulaUser } from '../core/formula';
import type { Lang } from '../core/i18n';
import { Delayed, ErrorState, Sheet, Spinner, textOf, toast } from '../kit';
import { chooseLang, useT } from '../texts';
import { api, relogin, session } from './api';
import { isLoggedOut, useMeQuery } from './queries';

const LoginForm = lazy(() => import('./login/form').then((m) => ({ default: m.LoginForm })));
const MeContext = createContext<Me | null>(null);

/** The user who is logged in. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe outside a session');
  return me;
}

/** The user as formulas know him. */
export const formulaUser = ({ user }: Me): FormulaUser => ({
  id: user.id,
  name: user.name,
  dept: user.dept ?? '',
  depts: user.depts?.map((d) => d.id) ?? [],
  roles: user.roles ?? [],
});

/** Shows its children to a user who is logged in; sends everyone else to the login page and back. */
export function SessionGate({ children }: { children: ReactNode }) {
  const me = useMeQuery();
  const [path, go] = useLocation();
  const out = isLoggedOut(me.error);
  useEffect(() => {
    if (out) go(`/login?next=${encodeURIComponent(path + window.location.search)}`, { replace: true });
  }, [out, path, go]);
  if (me.data) {
    return (
      <MeContext.Provider value={me.data}>
        {children}
        <ReloginSheet user={me.data.user.id} />
      </MeContext.Provider>
    );
  }
  if (me.error && !out) return <ErrorState error={me.error} onRetry={() => void me.refetch()} />;
  return (
    <Delayed>
      <div className="fw-page-wait">
        <Spinner size={28} />
      </div>
    </Delayed>
  );
}

/** The session ended while the user worked: log in over the page, so that nothing typed is lost. */
function ReloginSheet({ user }: { user: string }) {
  const t = useT();
  const [answer, setAnswer] = useState<((ok: boolean) => void) | null>(null);
  useEffect(() => relogin.subscribe((f) => setAnswer(() => f)), []);
  return (
    <Sheet open={!!answer} title={t('login.expired')} onClose={() => answer?.(false)}>
      <div className="fw-relogin">
        <p className="fw-muted">{t('ui.sessionText')}</p>
        <Suspense fallback={<Spinner size={24} />}>
          <LoginForm user={user} onDone={() => answer?.(true)} />
        </Suspense>
      </div>
    </Sheet>
  );
}

/** Changes the language: of the page at once, of what the server says as soon as it knows. */
export function useChooseLang() {
  const q = useQueryClient();
  return async (next: Lang) => {
    chooseLang(next);
    try {
      await api.saveMe({ lang: next });
      await q.invalidateQueries();
    } catch (e) {
      toast(textOf(e), 'error');
    }
  };
}

/** Ends the session and forgets everything that was read in it. */
export function useLogout() {
  const q = useQueryClient();
  const [, go] = useLocation();
  return async () => {
    await api.logout().catch(() => undefined);
    session.known = false;
    q.clear();
    go('/login', { replace: true });
  };
}
