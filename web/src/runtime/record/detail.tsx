import './detail.css';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { CaseView, CompiledForm, Display, RecordView, TaskBox } from '../../core/api';
import { caseLabel } from '../../core/flow';
import { formatTime } from '../../core/format';
import { FieldsProvider } from '../../fields/context';
import { CellView } from '../../fields/view';
import { ErrorState, NavBar, Skeleton, Tabs, Tag, useMode } from '../../kit';
import { headAmount } from '../../render/columns';
import { Detail } from '../../render/detail';
import { toneOf } from '../../render/tone';
import { useLang, useT } from '../../texts';
import { api } from '../api';
import { merged } from '../merged';
import { useCase, useForm, useRecord } from '../queries';
import { useMe } from '../session';
import { ActionBar } from './action-bar';
import { FlowTab } from './flow-tab';
import { HistoryList } from './history';
import { RecordMenu } from './record-menu';
import { TaskNav } from './task-nav';

const Comments = lazy(() => import('./comments'));

export interface RecordDetailProps {
  form: string;
  id: string;
  /** The task the user came with, and the box it was in. */
  task?: string;
  box?: TaskBox;
  /** Beside a list, not on a page of its own. */
  embedded?: boolean;
  onBack?(): void;
  /** The user has acted and nothing is left to do here. */
  onDone(): void;
}

/** One record: facts, approval, changes, and what may be done with it. */
export function RecordDetail(props: RecordDetailProps) {
  const t = useT();
  const mode = useMode();
  const form = useForm(props.form);
  const record = useRecord(props.form, props.id);
  const has = !!record.data?.case;
  const flow = useCase(props.form, props.id, has);
  const error = form.error ?? record.error;
  const bar = mode === 'phone' && (
    <NavBar
      title={form.data?.title ?? ''}
      onBack={props.onBack}
      backName={t('common.back')}
      right={props.task && <TaskNav task={props.task} box={props.box} />}
    />
  );
  if (error) {
    return (
      <>
        {bar}
        <ErrorState error={error} onRetry={() => void (form.error ? form.refetch() : record.refetch())} />
      </>
    );
  }
  if (!form.data || !record.data) {
    return (
      <>
        {bar}
        <Skeleton kind="form" rows={6} />
      </>
    );
  }
  return (
    <>
      {bar}
      <Loaded
        {...props}
        compiled={form.data}
        record={record.data}
        flow={flow.data}
        flowError={flow.error}
        onFlowRetry={() => void flow.refetch()}
      />
    </>
  );
}

interface LoadedProps extends RecordDetailProps {
  compiled: CompiledForm;
  record: RecordView;
  flow?: CaseView;
  flowError: unknown;
  onFlowRetry(): void;
}

function Loaded(props: LoadedProps) {
  const t = useT();
  const { compiled, record, flow } = props;
  const [tab, setTab] = useState('detail');
  const [learnt, learn] = useState<Display>({});
  const display = useMemo(
    () => merged([record.display, flow?.display, learnt]),
    [record.display, flow?.display, learnt],
  );
  const scope = { api, form: compiled, display, learn: (d: Display) => learn((old) => merged([old, d])) };
  const talks = !record.case && record.state === 'active' && !!record.rights?.ops.includes('comment');
  const mayHistory = !record.rights || record.rights.ops.includes('history');
  const items = [
    { key: 'detail', title: t('list.detail') },
    ...(record.case ? [{ key: 'flow', title: t('list.flow') }] : []),
    ...(talks ? [{ key: 'comments', title: t('list.comments') }] : []),
    ...(mayHistory ? [{ key: 'history', title: t('list.history') }] : []),
  ];
  return (
    <FieldsProvider value={scope}>
      <div className={`fw-record ${props.embedded ? 'fw-record-embedded' : ''}`}>
        <div className="fw-record-scroll">
          <Header {...props} display={display} />
          <Tabs items={items} active={tab} onChange={setTab} label={record.title}>
            <div className="fw-record-body">
              {tab === 'detail' && (
                <Detail
                  form={compiled}
                  record={record}
                  onReveal={async (field) => (await api.reveal(record.form, record.id, field)).value}
                />
              )}
              {tab === 'flow' && (
                <FlowTab form={compiled} flow={flow} error={props.flowError} onRetry={props.onFlowRetry} />
              )}
              {tab === 'comments' && (
                <Suspense fallback={<Skeleton rows={3} />}>
                  <Comments form={compiled.ref} record={record} />
                </Suspense>
              )}
              {tab === 'history' && <HistoryList form={compiled} id={record.id} />}
            </div>
          </Tabs>
        </div>
        <ActionBar
          form={compiled}
          record={record}
          flow={flow}
          display={display}
          embedded={props.embedded}
          onDone={props.onDone}
        />
      </div>
    </FieldsProvider>
  );
}

function Header({ compiled, record, flow, display, embedded, onBack }: LoadedProps & { display: Display }) {
  const t = useT();
  const mode = useMode();
  const lang = useLang();
  const me = useMe();
  const [, go] = useLocation();
  const state = record.case ? caseLabel(record.case.state) : undefined;
  const amount = headAmount(compiled);
  const by = record.sys?.created_by;
  const at = formatTime(record.sys?.created_at, lang, me.tenant.zone);
  const waiting = (record.case?.handlers ?? []).map((id) => display.users?.[id] ?? id);
  return (
    <header className="fw-record-top">
      {mode === 'desktop' && !embedded && (
        <nav className="fw-breadcrumb" aria-label={t('common.back')}>
          <button type="button" className="fw-link" onClick={onBack ?? (() => go(`/f/${compiled.ref}`))}>
            {compiled.title}
          </button>
          <span aria-hidden="true">/</span>
          <span>{t('list.detail')}</span>
        </nav>
      )}
      <div className="fw-record-name">
        <h1>{record.title || t('list.untitled')}</h1>
        {record.state === 'draft' ? (
          <Tag>{t('list.stateDraft')}</Tag>
        ) : (
          state && <Tag tone={toneOf(state.tone)}>{state.text}</Tag>
        )}
        <span className="fw-record-menu">
          <RecordMenu form={compiled} record={record} />
        </span>
      </div>
      {amount && record.data[amount.key] !== undefined && (
        <p className="fw-record-amount">
          <span className="fw-muted">{amount.title}</span>
          <b>
            <CellView field={amount} value={record.data[amount.key]} />
          </b>
        </p>
      )}
      <p className="fw-record-meta">
        {[by && t('ui.startedBy', { name: display.users?.[by] ?? by }), at].filter(Boolean).join(' · ')}
        {record.case?.state === 'running' && waiting.length > 0 && (
          <span>{t('ui.waitingFor', { names: waiting.join('、') })}</span>
        )}
        {flow?.ended_at && <span>{t('ui.finishedAt', { time: formatTime(flow.ended_at, lang, me.tenant.zone) })}</span>}
      </p>
    </header>
  );
}
