import type { ReactNode } from 'react';
import { ApiError } from '../../core/api';
import { errorText } from '../../core/i18n';
import { useT } from '../../texts';
import { Button } from '../context';
import { Delayed } from './bits';
import { Icon, type IconName } from './icons';
import { toast } from './toast';

/** Grey shapes in the form of what is coming. */
export function Skeleton({ rows = 5, kind = 'cells' }: { rows?: number; kind?: 'cells' | 'cards' | 'table' | 'form' }) {
  const t = useT();
  return (
    <Delayed>
      <div className={`fw-skeleton fw-skeleton-${kind}`} role="status" aria-label={t('common.loading')}>
        {Array.from({ length: rows }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: shapes without a meaning
          <div key={i} className="fw-skeleton-row">
            <i style={{ width: `${28 + ((i * 17) % 30)}%` }} />
            <i style={{ width: `${50 + ((i * 29) % 40)}%` }} />
          </div>
        ))}
      </div>
    </Delayed>
  );
}

/** One sentence and the next step. */
export function Empty({
  icon = 'empty',
  text,
  note,
  action,
}: {
  icon?: IconName;
  text: ReactNode;
  note?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="fw-state">
      <span className="fw-state-icon">
        <Icon name={icon} size={40} strokeWidth={1.2} />
      </span>
      <p className="fw-state-text">{text}</p>
      {note && <p className="fw-state-note">{note}</p>}
      {action && <div className="fw-state-action">{action}</div>}
    </div>
  );
}

/** What failed, a way to try again, and the request id to tell support. */
export function ErrorState({ error, onRetry, action }: { error: unknown; onRetry?(): void; action?: ReactNode }) {
  const t = useT();
  const e = error instanceof ApiError ? error : undefined;
  const gone = e?.status === 404;
  const denied = e?.status === 403;
  const text = gone ? t('ui.gone') : denied ? t('ui.denied') : e?.offline ? t('ui.offline') : t('ui.failed');
  const note = gone ? t('ui.goneNote') : denied ? t('ui.deniedNote') : textOf(error);
  return (
    <div role="alert">
      <Empty
        icon={gone || denied ? 'lock' : 'warn'}
        text={text}
        note={
          <>
            {note}
            {e?.requestId && <RequestId id={e.requestId} />}
          </>
        }
        action={
          <>
            {onRetry && !gone && !denied && (
              <Button kind="primary" onClick={onRetry}>
                {t('common.retry')}
              </Button>
            )}
            {action}
          </>
        }
      />
    </div>
  );
}

function RequestId({ id }: { id: string }) {
  const t = useT();
  const copy = () => {
    navigator.clipboard?.writeText(id).then(
      () => toast(t('common.copied')),
      () => undefined,
    );
  };
  return (
    <span className="fw-request-id">
      {t('ui.requestId')} <code>{id}</code>
      <button type="button" className="fw-link" onClick={copy}>
        {t('common.copy')}
      </button>
    </span>
  );
}

/** The sentence of any thrown value for a person. */
export function textOf(error: unknown): string {
  if (error instanceof ApiError) {
    const text = errorText(error);
    // A code is no sentence: then the status says more.
    return text === error.code ? errorText({ code: `http.${error.status}` }) : text;
  }
  return errorText({ code: 'client', message: error instanceof Error ? error.message : String(error) });
}
