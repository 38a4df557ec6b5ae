import type { Display, TaskBox, TaskItem } from '../../core/api';
import { caseLabel, deadlineOf, namesOf, personName } from '../../core/flow';
import { displaySummary, duration, formatTime, relativeTime } from '../../core/format';
import { Avatar, Icon, Tag } from '../../kit';
import { DeadlineLine } from '../../render/deadline';
import { toneOf } from '../../render/tone';
import { useNow } from '../../render/use-now';
import { useLang, useT } from '../../texts';
import { useActT } from '../act/texts';
import { useMe } from '../session';
import { canBatch } from './boxes';

export interface TaskCardProps {
  item: TaskItem;
  box: TaskBox;
  display: Display;
  here: boolean;
  /** Several are being chosen. */
  choosing: boolean;
  chosen: boolean;
  onChoose(): void;
  onOpen(): void;
  onQuick(): void;
}

/** One task: what, from whom, how long it waits; a decision without opening it where that is enough. */
export function TaskCard(props: TaskCardProps) {
  const t = useT();
  const a = useActT();
  const { item: x, display, here, choosing, chosen } = props;
  const { tenant } = useMe();
  const facts = { display, lang: useLang(), zone: tenant.zone, currency: tenant.currency };
  const name = personName(x.initiator, display, facts.lang);
  const may = canBatch(x);
  const first = x.can?.find((k) => k === 'approve' || k === 'handle');
  return (
    <li className="fw-card fw-task" data-here={here || undefined} data-chosen={(choosing && chosen) || undefined}>
      {choosing && (
        <span className="fw-task-check">
          <input type="checkbox" checked={chosen} disabled={!may} aria-label={x.title} onChange={props.onChoose} />
        </span>
      )}
      <button
        type="button"
        className="fw-task-main"
        aria-current={here || undefined}
        onClick={choosing && may ? props.onChoose : props.onOpen}
      >
        <span className="fw-task-head">
          <span className="fw-task-form">{x.form_title}</span>
          <TaskTags item={x} box={props.box} display={display} />
        </span>
        <span className="fw-task-title">{x.title}</span>
        {x.summary?.map((s) => (
          <span key={s.title} className="fw-record-line">
            <span className="fw-muted">{s.title}</span>
            <span className="fw-record-value">{displaySummary(s, facts)}</span>
          </span>
        ))}
      </button>
      <span className="fw-task-foot">
        <Avatar name={name} size={22} />
        <span>{name}</span>
        <TaskTime item={x} box={props.box} />
        {props.box === 'todo' && first && !choosing && (
          <button
            type="button"
            className="fw-task-quick"
            aria-label={`${t(`task.${first as 'approve'}`)} ${x.title}`}
            onClick={props.onQuick}
          >
            {t(`task.${first as 'approve'}`)}
          </button>
        )}
        {choosing && !may && <span className="fw-muted">{a('act.batchCannot')}</span>}
      </span>
    </li>
  );
}

function TaskTags({ item: x, box, display }: { item: TaskItem; box: TaskBox; display: Display }) {
  const t = useT();
  const a = useActT();
  const lang = useLang();
  const state = x.case_state ? caseLabel(x.case_state) : undefined;
  return (
    <span className="fw-task-tags">
      {box === 'todo' && x.principal && (
        <Tag>{a('act.standsIn', { name: personName(x.principal, display, lang) })}</Tag>
      )}
      {box === 'todo' && x.kind === 'confirm' && <Tag tone="brand">{a('act.confirm')}</Tag>}
      {box === 'delegated' && (x.assignee || !!x.handlers?.length) && (
        <Tag>{a('act.byDelegate', { name: namesOf(x.assignee ? [x.assignee] : x.handlers, display, lang) })}</Tag>
      )}
      {x.overdue && <Tag tone="danger">{a('act.late')}</Tag>}
      {x.urged_at && box === 'todo' && <Tag tone="warning">{t('task.urged')}</Tag>}
      {box !== 'todo' && box !== 'delegated' && state && <Tag tone={toneOf(state.tone)}>{state.text}</Tag>}
    </span>
  );
}

function TaskTime({ item: x, box }: { item: TaskItem; box: TaskBox }) {
  const t = useT();
  const now = useNow();
  const lang = useLang();
  const { tenant } = useMe();
  const since = x.opened_at ? Date.parse(x.opened_at) : Number.NaN;
  const waits = box === 'todo' || box === 'delegated';
  const due = waits ? deadlineOf(x, now, lang, tenant.zone) : undefined;
  if (due)
    return (
      <span className="fw-task-time">
        <DeadlineLine deadline={due} short />
      </span>
    );
  if (waits && !Number.isNaN(since))
    return (
      <span className="fw-task-time">
        <Icon name="clock" size={14} />
        {t('task.waited', { time: duration(Math.max(0, now - since), lang) })}
      </span>
    );
  const at = x.done_at || x.opened_at;
  return (
    <span className="fw-task-time" title={formatTime(at, lang, tenant.zone)}>
      {[box === 'mine' ? x.node_title : '', at ? relativeTime(at, now, lang, tenant.zone) : '']
        .filter(Boolean)
        .join(' · ')}
    </span>
  );
}
