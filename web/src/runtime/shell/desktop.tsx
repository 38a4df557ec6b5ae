import { type ReactElement, type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { App, MenuItem } from '../../core/api';
import { Avatar, Badge, Icon, type IconName, Logo, Menu } from '../../kit';
import { useLang, useT } from '../../texts';
import { AdminIcon, administers, adminPath, useAdminTitle } from '../admin/entry';
import { useApps, useCounts } from '../queries';
import { useChooseLang, useLogout, useMe } from '../session';

/** The desktop's frame: all apps on the left, the page on the right. */
export default function DesktopShell({ children }: { children: ReactNode }) {
  const t = useT();
  return (
    <div className="fw-desk">
      <a className="fw-skip" href="#main">
        {t('ui.skip')}
      </a>
      <Sidebar />
      <main id="main" className="fw-desk-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Sidebar() {
  const t = useT();
  const me = useMe();
  const counts = useCounts();
  const apps = useApps();
  const title = useAdminTitle();
  return (
    <aside className="fw-side">
      <div className="fw-side-head">
        <Logo />
        <span className="fw-side-name">{me.tenant.name}</span>
      </div>
      <nav className="fw-side-nav" aria-label={t('ui.mainNav')}>
        <SideLink to="/" icon="home" text={t('common.home')} />
        <SideLink to="/tasks" icon="tasks" text={t('task.center')} count={counts.data?.todo} />
        {apps.data?.items.map((app) => (
          <AppMenu key={app.key} app={app} />
        ))}
        {administers(me.user) && (
          <div className="fw-side-app">
            <SideLink to={adminPath} icon={<AdminIcon size={18} />} text={title} />
          </div>
        )}
      </nav>
      <UserMenu />
    </aside>
  );
}

function SideLink(props: { to: string; icon: IconName | ReactElement; text: string; count?: number }) {
  const { to, icon, text, count } = props;
  const [path] = useLocation();
  const here = to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
  return (
    <Link href={to} className="fw-side-link" aria-current={here ? 'page' : undefined}>
      {typeof icon === 'string' ? <Icon name={icon} size={18} /> : icon}
      <span className="fw-side-text">{text}</span>
      <Badge count={count} />
    </Link>
  );
}

function AppMenu({ app }: { app: App }) {
  const [open, setOpen] = useState(true);
  return (
    <div className="fw-side-app">
      <button type="button" className="fw-side-title" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>{app.title}</span>
        <Icon name={open ? 'up' : 'down'} size={14} />
      </button>
      {open && app.menu.map((m, i) => <MenuEntry key={m.form ?? i} item={m} />)}
    </div>
  );
}

function MenuEntry({ item }: { item: MenuItem }) {
  return (
    <>
      {item.form && <SideLink to={`/f/${item.form}`} icon="doc" text={item.title} />}
      {item.items?.map((m, i) => (
        <MenuEntry key={m.form ?? i} item={m} />
      ))}
    </>
  );
}

function UserMenu() {
  const t = useT();
  const me = useMe();
  const lang = useLang();
  const logout = useLogout();
  const choose = useChooseLang();
  const [, go] = useLocation();
  return (
    <div className="fw-side-user fw-drop-up">
      <Menu
        title={me.user.name}
        actions={[
          { key: 'me', text: t('common.me'), onClick: () => go('/me') },
          {
            key: 'lang',
            text: lang === 'en' ? t('common.languageZh') : t('common.languageEn'),
            onClick: () => void choose(lang === 'en' ? 'zh-CN' : 'en'),
          },
          { key: 'out', text: t('login.logout'), onClick: () => void logout() },
        ]}
      >
        {(open) => (
          <button type="button" className="fw-side-me" {...open}>
            <Avatar name={me.user.name} size={32} />
            <span className="fw-side-who">
              <span>{me.user.name}</span>
              <small>{me.user.depts?.map((d) => d.name).join('、')}</small>
            </span>
            <Icon name="up" size={14} />
          </button>
        )}
      </Menu>
    </div>
  );
}
