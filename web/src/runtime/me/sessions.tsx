import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { SessionInfo } from '../../core/api';
import { formatTime, relativeTime } from '../../core/format';
import { Button, confirm, ErrorState, Icon, Skeleton, Tag, textOf, toast } from '../../kit';
import { useNow } from '../../render/use-now';
import { useLang } from '../../texts';
import { more } from '../more';
import { useMe } from '../session';
import { deviceOf } from './period';
import { useMineT } from './texts';

const key = ['sessions'];

/** Where the user is signed in, and the way to sign out there. */
export default function Sessions() {
  const m = useMineT();
  const q = useQueryClient();
  const list = useQuery({ queryKey: key, queryFn: ({ signal }) => more.sessions({ signal }) });
  if (list.error) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton rows={3} kind="cards" />;
  const items = [...list.data.items].sort((a, b) => Number(!!b.current) - Number(!!a.current));
  const end = async (ask: { title: string; text?: string; ok: string }, act: () => Promise<void>) => {
    if (!(await confirm({ ...ask, danger: true }))) return;
    try {
      await act();
      toast(m('mine.sessionEnded'), 'success');
    } catch (e) {
      toast(textOf(e), 'error');
    }
    void q.invalidateQueries({ queryKey: key });
  };
  const others = items.some((x) => !x.current);
  return (
    <>
      <ul className="fw-mine-list">
        {items.map((x) => (
          <Line
            key={x.id}
            of={x}
            onEnd={() =>
              void end({ title: m('mine.endSessionAsk'), ok: m('mine.endSession') }, () => more.endSession(x.id))
            }
          />
        ))}
      </ul>
      {others ? (
        <Button
          kind="danger"
          onClick={() =>
            void end(
              { title: m('mine.endOthersAsk'), text: m('mine.endOthersNote'), ok: m('mine.endSession') },
              more.endOtherSessions,
            )
          }
        >
          {m('mine.endOthers')}
        </Button>
      ) : (
        <p className="fw-muted">{m('mine.noOthers')}</p>
      )}
    </>
  );
}

function Line({ of: x, onEnd }: { of: SessionInfo; onEnd(): void }) {
  const m = useMineT();
  const lang = useLang();
  const now = useNow();
  const { zone } = useMe().tenant;
  const { browser, system } = deviceOf(x.agent ?? '');
  const name =
    browser && system ? m('mine.browserOn', { browser, system }) : browser || system || m('mine.unknownDevice');
  const seen = x.seen_at ? m('mine.seen', { time: relativeTime(x.seen_at, now, lang, zone) }) : '';
  return (
    <li className="fw-card fw-mine-item">
      <span className="fw-mine-icon">
        <Icon name="globe" size={22} />
      </span>
      <div className="fw-mine-main">
        <p className="fw-mine-name">
          <b title={x.agent}>{name}</b>
          {x.current && <Tag tone="success">{m('mine.thisDevice')}</Tag>}
        </p>
        <p className="fw-muted">{[x.addr, seen].filter(Boolean).join(' · ')}</p>
        <p className="fw-muted">{m('mine.began', { time: formatTime(x.created_at, lang, zone) })}</p>
      </div>
      {!x.current && (
        <div className="fw-mine-actions">
          <Button size="small" onClick={onEnd}>
            {m('mine.endSession')}
          </Button>
        </div>
      )}
    </li>
  );
}
