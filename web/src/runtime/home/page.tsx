import { Link, useLocation } from 'wouter';
import type { App, MenuItem } from '../../core/api';
import { Avatar, Button, Empty, ErrorState, Icon, IconButton, Skeleton, useMode } from '../../kit';
import { type T, useT } from '../../texts';
import { useActT } from '../act/texts';
import { useApps, useCounts } from '../queries';
import { recentForms } from '../recent';
import { useMe } from '../session';

/** What waits, what was used last, and every app with its forms. */
export default function HomePage() {
  const t = useT();
  const me = useMe();
  const apps = useApps();
  const mode = useMode();
  return (
    <div className="fw-page fw-home">
      <header className="fw-home-head">
        {mode === 'phone' && <Avatar name={me.user.name} size={44} />}
        <div>
          <h1>{greeting(t, me.user.name)}</h1>
          <p className="fw-muted">
            {[me.tenant.name, me.user.depts?.map((d) => d.name).join('、')].filter(Boolean).join(' · ')}
          </p>
        </div>
      </header>
      <TodoCard />
      {apps.isPending && <Skeleton kind="cards" rows={4} />}
      {apps.error && <ErrorState error={apps.error} onRetry={() => void apps.refetch()} />}
      {apps.data &&
        (apps.data.items.length ? (
          <AppCards apps={apps.data.items} />
        ) : (
          <Empty icon="app" text={t('ui.noApps')} note={t('ui.noAppsNote')} />
        ))}
    </div>
  );
}

function greeting(t: T, name: string): string {
  const h = new Date().getHours();
  return t(h < 12 ? 'ui.helloMorning' : h < 18 ? 'ui.helloAfternoon' : 'ui.helloEvening', { name });
}

function TodoCard() {
  const t = useT();
  const a = useActT();
  const counts = useCounts();
  const [, go] = useLocation();
  if (!counts.data) return null;
  const n = counts.data.todo;
  const late = counts.data.overdue ?? 0;
  return (
    <section className="fw-card fw-todo-card">
      <Icon name="tasks" size={24} />
      <p>
        {n ? t('ui.todoCount', { n }) : t('ui.todoNone')}
        {late > 0 && <small className="fw-danger">{a('act.lateCount', { n: late })}</small>}
      </p>
      {n > 0 && (
        <Button kind="primary" size="small" onClick={() => go('/tasks')}>
          {t('ui.viewTodo')}
        </Button>
      )}
    </section>
  );
}

/** The forms of a menu, groups flattened in order. */
function formsOf(menu: MenuItem[]): MenuItem[] {
  return menu.flatMap((m) => [...(m.form ? [m] : []), ...formsOf(m.items ?? [])]);
}

function AppCards({ apps }: { apps: App[] }) {
  const t = useT();
  const all = apps.flatMap((a) => formsOf(a.menu));
  const recent = recentForms().flatMap((ref) => all.filter((m) => m.form === ref));
  return (
    <>
      {recent.length > 0 && <FormGroup title={t('ui.recentForms')} items={recent.slice(0, 4)} />}
      {apps.map((a) => (
        <FormGroup key={a.key} title={a.title} note={a.description} items={formsOf(a.menu)} />
      ))}
    </>
  );
}

function FormGroup({ title, note, items }: { title: string; note?: string; items: MenuItem[] }) {
  return (
    <section className="fw-home-group">
      <h2>
        {title}
        {note && <small>{note}</small>}
      </h2>
      <ul className="fw-form-tiles">
        {items.map((m) => (
          <FormTile key={m.form} item={m} />
        ))}
      </ul>
    </section>
  );
}

function FormTile({ item }: { item: MenuItem }) {
  const t = useT();
  const [, go] = useLocation();
  return (
    <li className="fw-form-tile">
      <Link href={`/f/${item.form}`} className="fw-form-tile-link">
        <span className="fw-form-tile-icon">
          <Icon name="doc" size={20} />
        </span>
        <span>{item.title}</span>
      </Link>
      {item.can?.includes('create') && (
        <IconButton icon="plus" name={`${t('ui.newRecord')} ${item.title}`} onClick={() => go(`/f/${item.form}/new`)} />
      )}
    </li>
  );
}
