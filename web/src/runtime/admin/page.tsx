import './admin.css';
import { lazy, Suspense } from 'react';
import { useLocation, useParams } from 'wouter';
import { Empty, NavBar, Skeleton, Tabs, useMode } from '../../kit';
import { useT } from '../../texts';
import { useMe } from '../session';
import { adminPath } from './entry';
import { sectionNames } from './planes';
import { useA } from './texts';

const sections = {
  members: lazy(() => import('./members')),
  depts: lazy(() => import('./depts')),
  roles: lazy(() => import('./roles')),
  explain: lazy(() => import('./explain')),
  calendars: lazy(() => import('./calendars')),
  keys: lazy(() => import('./keys')),
  audit: lazy(() => import('./audit')),
  jobs: lazy(() => import('./jobs')),
  security: lazy(() => import('./security')),
  settings: lazy(() => import('./settings')),
};
type Name = keyof typeof sections;
const own = ['members', 'depts', 'roles', 'keys', 'audit', 'settings'] as const;

/** The organisation in an administrator's hands: people, roles, keys, log and settings. */
export default function AdminPage() {
  const a = useA();
  const t = useT();
  const me = useMe();
  const phone = useMode() === 'phone';
  const [, go] = useLocation();
  const { section } = useParams<{ section?: string }>();
  const names = sectionNames(me.user) as Name[];
  const here = names.find((n) => n === section) ?? names[0];
  if (!here) return <Empty icon="lock" text={a('adm.denied')} action={<a href="/">{t('ui.goHome')}</a>} />;
  const Section = sections[here];
  const title = (n: Name) => {
    const mine = own.find((x) => x === n);
    return mine ? a(`adm.${mine}`) : a(`more.${n as Exclude<Name, (typeof own)[number]>}`);
  };
  const head = phone ? (
    <NavBar title={a('adm.title')} onBack={() => go('/me')} backName={t('common.back')} />
  ) : (
    <h1 className="fw-adm-title">{a('adm.title')}</h1>
  );
  return (
    <div className="fw-page fw-adm">
      {head}
      <Tabs
        items={names.map((n) => ({ key: n, title: title(n) }))}
        active={here}
        label={a('adm.title')}
        onChange={(n) => go(`${adminPath}/${n}`, { replace: true })}
      >
        <Suspense fallback={<Skeleton rows={6} />}>
          <Section />
        </Suspense>
      </Tabs>
    </div>
  );
}
