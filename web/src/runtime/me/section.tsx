import './me.css';
import { lazy, type ReactNode, Suspense } from 'react';
import { useLocation, useParams } from 'wouter';
import { Empty, NavBar, Skeleton, useMode } from '../../kit';
import { useT } from '../../texts';
import { PhrasesEditor } from '../act/phrases';
import { useMineT } from './texts';

const Delegations = lazy(() => import('./delegations'));
const Sessions = lazy(() => import('./sessions'));

const sections: Record<string, () => ReactNode> = {
  delegations: () => <Delegations />,
  phrases: () => <PhrasesEditor />,
  sessions: () => <Sessions />,
};

/** One of the user's own pages: delegations, phrases, sessions. */
export default function MySection() {
  const t = useT();
  const m = useMineT();
  const phone = useMode() === 'phone';
  const [, go] = useLocation();
  const { section = '' } = useParams<{ section: string }>();
  const draw = Object.hasOwn(sections, section) ? sections[section] : undefined;
  if (!draw) return <Empty icon="lock" text={t('ui.gone')} action={<a href="/me">{t('common.me')}</a>} />;
  const name = section as 'delegations' | 'phrases' | 'sessions';
  const title = m(`mine.${name}`);
  return (
    <div className="fw-mine">
      {phone ? (
        <NavBar title={title} onBack={() => go('/me')} backName={t('common.back')} />
      ) : (
        <header className="fw-mine-head">
          <nav className="fw-breadcrumb" aria-label={t('common.back')}>
            <a href="/me">{t('common.me')}</a>
            <span aria-hidden="true">/</span>
            <span>{title}</span>
          </nav>
          <h1>{title}</h1>
          <p className="fw-muted">{m(`mine.${name}Note`)}</p>
        </header>
      )}
      <div className="fw-mine-body">
        <Suspense fallback={<Skeleton rows={4} />}>{draw()}</Suspense>
      </div>
    </div>
  );
}
