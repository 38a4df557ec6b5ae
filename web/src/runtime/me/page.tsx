import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { Avatar, Cell, confirm, Icon, type IconName } from '../../kit';
import { useLang, useT } from '../../texts';
import { AdminIcon, administers, adminPath, useAdminTitle } from '../admin/entry';
import { api } from '../api';
import { boot } from '../boot';
import { useChooseLang, useLogout, useMe } from '../session';
import { useMineT } from './texts';

const own: { section: 'delegations' | 'phrases' | 'sessions'; icon: IconName }[] = [
  { section: 'delegations', icon: 'user' },
  { section: 'phrases', icon: 'edit' },
  { section: 'sessions', icon: 'globe' },
];

/** Who I am, my own settings, the language, and the way out. */
export default function MePage() {
  const t = useT();
  const me = useMe();
  const m = useMineT();
  const lang = useLang();
  const admin = useAdminTitle();
  const [, go] = useLocation();
  const logout = useLogout();
  const choose = useChooseLang();
  const ids = me.user.roles ?? [];
  const roles = useQuery({
    queryKey: ['roles', lang, ...ids],
    enabled: ids.length > 0,
    queryFn: async ({ signal }) => (await api.org('roles', { ids }, { signal })).items.map((r) => r.name),
  });
  const leave = async () => {
    if (await confirm({ title: t('login.logoutConfirm'), ok: t('login.logout'), danger: true })) await logout();
  };
  return (
    <div className="fw-page fw-me">
      <header className="fw-me-head">
        <Avatar name={me.user.name} size={56} />
        <div>
          <h1>{me.user.name}</h1>
          <p className="fw-muted">{me.user.depts?.map((d) => d.name).join('、')}</p>
        </div>
      </header>
      <section className="fw-card">
        <Cell title={t('ui.account')} extra={me.user.id} />
        <Cell title={t('ui.company')} extra={me.tenant.name} />
        {!!me.user.roles?.length && <Cell title={t('ui.role')} extra={roles.data?.join('、')} />}
      </section>
      <section className="fw-card">
        {own.map((x) => (
          <Cell
            key={x.section}
            icon={<Icon name={x.icon} />}
            title={m(`mine.${x.section}`)}
            note={m(`mine.${x.section}Note`)}
            arrow
            onClick={() => go(`/me/${x.section}`)}
          />
        ))}
      </section>
      {administers(me.user) && (
        <section className="fw-card">
          <Cell icon={<AdminIcon />} title={admin} arrow onClick={() => go(adminPath)} />
        </section>
      )}
      <section className="fw-card">
        <div className="fw-cell">
          <span className="fw-cell-icon">
            <Icon name="globe" />
          </span>
          <span className="fw-cell-main" id="lang-label">
            {t('ui.language')}
          </span>
          <fieldset className="fw-segment" aria-labelledby="lang-label">
            {(['zh-CN', 'en'] as const).map((x) => (
              <button key={x} type="button" aria-pressed={lang === x} onClick={() => void choose(x)}>
                {t(x === 'en' ? 'common.languageEn' : 'common.languageZh')}
              </button>
            ))}
          </fieldset>
        </div>
        <Cell icon={<Icon name="lock" />} title={t('ui.security')} arrow onClick={() => go('/me/security')} />
        {boot.version && <Cell title={t('ui.version')} extra={boot.version} />}
      </section>
      <section className="fw-card">
        <Cell
          icon={<Icon name="logout" />}
          title={<span className="fw-danger">{t('login.logout')}</span>}
          onClick={() => void leave()}
        />
      </section>
    </div>
  );
}
