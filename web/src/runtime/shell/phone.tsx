import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { Badge, Icon, type IconName } from '../../kit';
import { useT } from '../../texts';
import { useCounts } from '../queries';

/** The phone's frame: the tabs show on the three top pages only, a form has the screen for itself. */
export default function PhoneShell({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  const top = path === '/' || path === '/tasks' || path === '/me';
  return (
    <div className={`fw-phone-shell ${top ? 'fw-with-tabs' : ''}`}>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {top && <TabBar path={path} />}
    </div>
  );
}

function TabBar({ path }: { path: string }) {
  const t = useT();
  const counts = useCounts();
  const items: { to: string; icon: IconName; text: string; count?: number }[] = [
    { to: '/', icon: 'home', text: t('common.home') },
    { to: '/tasks', icon: 'tasks', text: t('common.tasks'), count: counts.data?.todo },
    { to: '/me', icon: 'user', text: t('common.me') },
  ];
  return (
    <nav className="fw-tabbar" aria-label={t('ui.mainNav')}>
      {items.map((x) => (
        <Link key={x.to} href={x.to} className="fw-tabbar-item" aria-current={x.to === path ? 'page' : undefined}>
          <span className="fw-tabbar-icon">
            <Icon name={x.icon} size={24} />
            <Badge count={x.count} />
          </span>
          {x.text}
        </Link>
      ))}
    </nav>
  );
}
