import './list.css';
import { useEffect, useMemo, useState } from 'react';
import { useLocation, useParams } from 'wouter';
import type { CompiledForm, Display, RecordView } from '../../core/api';
import { FieldsProvider } from '../../fields/context';
import { Button, Empty, ErrorState, NavBar, Skeleton, useMode } from '../../kit';
import { allColumns, type Column, defaultColumns } from '../../render/columns';
import { RecordTable } from '../../render/record-table';
import { useT } from '../../texts';
import { api } from '../api';
import { merged } from '../merged';
import { useRecords } from '../pages';
import { useForm } from '../queries';
import { rememberForm } from '../recent';
import { RecordCards } from './cards';
import { type ListState, toQuery, useListState } from './state';
import { ListToolbar } from './toolbar';

/** The records of a form. */
export default function ListPage() {
  const { form: ref = '' } = useParams<{ form: string }>();
  const t = useT();
  const mode = useMode();
  const [, go] = useLocation();
  const form = useForm(ref);
  useEffect(() => {
    if (form.data) rememberForm(ref);
  }, [ref, form.data]);
  if (form.error) {
    return (
      <>
        {mode === 'phone' && <NavBar title="" onBack={() => go('/')} backName={t('common.back')} />}
        <ErrorState
          error={form.error}
          onRetry={() => void form.refetch()}
          action={<Button onClick={() => go('/')}>{t('ui.goHome')}</Button>}
        />
      </>
    );
  }
  if (!form.data) return <Skeleton kind="table" rows={8} />;
  return <RecordList key={ref} form={form.data} />;
}

function RecordList({ form }: { form: CompiledForm }) {
  const t = useT();
  const mode = useMode();
  const [, go] = useLocation();
  const [state, setState] = useListState();
  const [learnt, learn] = useState<Display>({});
  const list = useRecords(form.ref, toQuery(state));
  const records = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const display = useMemo(
    () => merged([...(list.data?.pages.map((p) => p.display) ?? []), learnt]),
    [list.data, learnt],
  );
  const columns = useMemo(() => allColumns(form, t), [form, t]);
  const view = form.views?.find((v) => v.key === state.view);
  const keys = state.columns.length ? state.columns : defaultColumns(form, view);
  const shown = keys.flatMap((k) => columns.find((c) => c.key === k) ?? []);
  const total = list.data?.pages[0]?.total;
  const open = (r: RecordView) => go(`/f/${form.ref}/${r.id}`);
  const scope = { api, form, display, learn: (d: Display) => learn((old) => merged([old, d])) };
  return (
    <FieldsProvider value={scope}>
      <div className="fw-page fw-list-page">
        <ListToolbar form={form} columns={columns} shown={keys} state={state} onChange={setState} total={total} />
        {list.error && !records.length ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Skeleton kind={mode === 'phone' ? 'cards' : 'table'} rows={8} />
        ) : !records.length ? (
          <NoRecords form={form} state={state} onClear={() => setState({ q: '', conditions: [], view: '' })} />
        ) : (
          <Records
            form={form}
            columns={shown}
            records={records}
            state={state}
            setState={setState}
            list={list}
            onOpen={open}
            total={total}
          />
        )}
      </div>
    </FieldsProvider>
  );
}

function Records(props: {
  form: CompiledForm;
  columns: Column[];
  records: RecordView[];
  state: ListState;
  setState(part: Partial<ListState>): void;
  list: ReturnType<typeof useRecords>;
  onOpen(r: RecordView): void;
  total?: number;
}) {
  const mode = useMode();
  const { form, list, records } = props;
  const common = {
    records,
    hrefOf: (r: RecordView) => `/f/${form.ref}/${r.id}`,
    onOpen: props.onOpen,
    more: list.hasNextPage,
    loading: list.isFetchingNextPage,
    onMore: () => void list.fetchNextPage(),
  };
  if (mode === 'phone') return <RecordCards {...common} form={form} columns={props.columns} total={props.total} />;
  return (
    <RecordTable
      {...common}
      label={form.title}
      columns={props.columns}
      sort={props.state.sort}
      onSort={(sort) => props.setState({ sort })}
    />
  );
}

function NoRecords({ form, state, onClear }: { form: CompiledForm; state: ListState; onClear(): void }) {
  const t = useT();
  const [, go] = useLocation();
  const narrowed = state.q !== '' || state.conditions.length > 0 || state.view !== '';
  if (narrowed)
    return (
      <Empty
        icon="search"
        text={t('list.emptySearch')}
        action={<Button onClick={onClear}>{t('ui.clearFilter')}</Button>}
      />
    );
  return (
    <Empty
      icon="doc"
      text={t('list.empty')}
      action={
        form.ops.includes('create') && (
          <Button kind="primary" onClick={() => go(`/f/${form.ref}/new`)}>
            {t('ui.firstRecord')}
          </Button>
        )
      }
    />
  );
}
