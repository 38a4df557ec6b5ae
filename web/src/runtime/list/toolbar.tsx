import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { CompiledForm } from '../../core/api';
import { Badge, Button, Icon, IconButton, NavBar, SearchField, Select, Sheet, Tabs, useMode } from '../../kit';
import type { Column } from '../../render/columns';
import { useT } from '../../texts';
import { useActT } from '../act/texts';
import { useMe } from '../session';
import { FilterSheet } from './filter-sheet';
import type { ListState } from './state';

export interface ToolbarProps {
  form: CompiledForm;
  columns: Column[];
  /** Keys of the columns shown now. */
  shown: string[];
  state: ListState;
  onChange(part: Partial<ListState>): void;
  total?: number;
}

/** Title, views, search, filter, sort, columns, and the way to a new record. */
export function ListToolbar(props: ToolbarProps) {
  return useMode() === 'phone' ? <PhoneToolbar {...props} /> : <DesktopToolbar {...props} />;
}

function DesktopToolbar(props: ToolbarProps) {
  const t = useT();
  const [, go] = useLocation();
  const { form, state, total } = props;
  return (
    <header className="fw-list-head">
      <div className="fw-list-title">
        <h1>{form.title}</h1>
        {total !== undefined && <span className="fw-muted">{t('list.total', { n: total })}</span>}
        <StatsLink form={form} />
        {form.ops.includes('create') && (
          <Button kind="primary" icon={<Icon name="plus" size={16} />} onClick={() => go(`/f/${form.ref}/new`)}>
            {t('ui.newRecord')}
          </Button>
        )}
      </div>
      <div className="fw-list-tools">
        <Views {...props} />
        <span className="fw-list-search">
          <QuickSearch {...props} />
        </span>
        <FilterButton {...props} />
        <ColumnsButton {...props} />
        {state.sort && (
          <Button kind="text" onClick={() => props.onChange({ sort: '' })}>
            {t('ui.sortDefault')}
          </Button>
        )}
      </div>
    </header>
  );
}

/** The way to the flow's analytics, for those who may see it. */
function StatsLink({ form }: { form: CompiledForm }) {
  const a = useActT();
  const me = useMe();
  const mode = useMode();
  const [, go] = useLocation();
  const may = form.ops.includes('approve') || me.user.admin || me.user.planes?.includes(`data:${form.app}`);
  if (!form.hasFlow || !may) return null;
  const name = a('act.statsPage');
  const open = () => go(`/f/${form.ref}/stats`);
  if (mode === 'phone') return <IconButton icon="chart" name={name} onClick={open} />;
  return (
    <Button icon={<Icon name="chart" size={16} />} onClick={open}>
      {name}
    </Button>
  );
}

function PhoneToolbar(props: ToolbarProps) {
  const t = useT();
  const [, go] = useLocation();
  const { form } = props;
  return (
    <>
      <NavBar
        title={form.title}
        onBack={() => go('/')}
        backName={t('common.back')}
        right={
          <>
            <StatsLink form={form} />
            {form.ops.includes('create') && (
              <IconButton icon="plus" name={t('ui.newRecord')} onClick={() => go(`/f/${form.ref}/new`)} />
            )}
          </>
        }
      />
      <div className="fw-list-tools">
        <QuickSearch {...props} />
        <FilterButton {...props} />
        <SortButton {...props} />
      </div>
      <Views {...props} />
    </>
  );
}

function Views({ form, state, onChange }: ToolbarProps) {
  const t = useT();
  if (!form.views?.length) return null;
  const items = [{ key: '', title: t('ui.defaultView') }, ...form.views.map((v) => ({ key: v.key, title: v.title }))];
  return (
    <div className="fw-list-views">
      <Tabs
        items={items}
        active={state.view}
        label={t('list.view')}
        onChange={(view) => onChange({ view, columns: [] })}
      />
    </div>
  );
}

/** Asks a moment after the last keystroke. */
function QuickSearch({ form, state, onChange }: ToolbarProps) {
  const t = useT();
  const [text, setText] = useState(state.q);
  useEffect(() => setText(state.q), [state.q]);
  useEffect(() => {
    if (text === state.q) return;
    const timer = setTimeout(() => onChange({ q: text }), 300);
    return () => clearTimeout(timer);
  }, [text, state.q, onChange]);
  return <SearchField value={text} onChange={setText} label={t('ui.searchRecords', { title: form.title })} />;
}

function FilterButton({ form, columns, state, onChange }: ToolbarProps) {
  const t = useT();
  const mode = useMode();
  const [open, setOpen] = useState(false);
  const n = state.conditions.length;
  return (
    <>
      <span className="fw-tool">
        {mode === 'phone' ? (
          <IconButton icon="filter" name={t('list.filter')} onClick={() => setOpen(true)} />
        ) : (
          <Button icon={<Icon name="filter" size={16} />} onClick={() => setOpen(true)}>
            {t('list.filter')}
          </Button>
        )}
        <Badge count={n} />
      </span>
      {open && (
        <FilterSheet
          open
          form={form}
          columns={columns.filter((c) => c.key !== 'case.handlers')}
          conditions={state.conditions}
          onClose={() => setOpen(false)}
          onApply={(conditions) => {
            onChange({ conditions });
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function SortButton({ columns, state, onChange }: ToolbarProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const key = state.sort.replace(/^-/, '');
  return (
    <>
      <IconButton icon="sort" name={t('list.sort')} onClick={() => setOpen(true)} />
      <Sheet
        open={open}
        title={t('list.sort')}
        onClose={() => setOpen(false)}
        footer={
          <Button kind="primary" onClick={() => setOpen(false)}>
            {t('common.ok')}
          </Button>
        }
      >
        <div className="fw-sort-sheet">
          <Select
            label={t('ui.filterField')}
            value={key}
            placeholder={t('ui.sortDefault')}
            choices={columns.filter((c) => c.sortable).map((c) => ({ value: c.key, text: c.title }))}
            onChange={(k) => onChange({ sort: k })}
          />
          {key && (
            <fieldset className="fw-segment" aria-label={t('list.sort')}>
              <button type="button" aria-pressed={state.sort === key} onClick={() => onChange({ sort: key })}>
                {t('list.ascending')}
              </button>
              <button
                type="button"
                aria-pressed={state.sort === `-${key}`}
                onClick={() => onChange({ sort: `-${key}` })}
              >
                {t('list.descending')}
              </button>
            </fieldset>
          )}
        </div>
      </Sheet>
    </>
  );
}

function ColumnsButton({ columns, shown, onChange }: ToolbarProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const toggle = (key: string) => {
    const next = shown.includes(key)
      ? shown.filter((k) => k !== key)
      : columns.map((c) => c.key).filter((k) => k === key || shown.includes(k));
    if (next.length) onChange({ columns: next });
  };
  return (
    <>
      <Button icon={<Icon name="columns" size={16} />} onClick={() => setOpen(true)}>
        {t('list.columns')}
      </Button>
      <Sheet
        open={open}
        kind="drawer"
        title={t('list.columns')}
        onClose={() => setOpen(false)}
        footer={<Button onClick={() => onChange({ columns: [] })}>{t('ui.resetColumns')}</Button>}
      >
        <p className="fw-muted">{t('ui.columnsHint')}</p>
        <ul className="fw-column-list">
          {columns.map((c) => (
            <li key={c.key}>
              <label>
                <input type="checkbox" checked={shown.includes(c.key)} onChange={() => toggle(c.key)} /> {c.title}
              </label>
            </li>
          ))}
        </ul>
      </Sheet>
    </>
  );
}
