import '../act/act.css';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import type { Comment, FileInfo, RecordView } from '../../core/api';
import { personName } from '../../core/flow';
import { formatTime, mergedDisplay } from '../../core/format';
import { FieldEdit } from '../../fields/edit';
import { Avatar, Button, Empty, ErrorState, Skeleton, textOf } from '../../kit';
import { CommentText, Files } from '../../render/timeline';
import { useLang, useT } from '../../texts';
import { Opinion } from '../act/opinion';
import { mentions } from '../act/plan';
import { useActT } from '../act/texts';
import { more } from '../more';
import { useMe } from '../session';
import { Intent } from './intent';

/** What people say about a record that has no flow, newest first; with one, its timeline has the comments. */
export default function Comments({ form, record }: { form: string; record: RecordView }) {
  const t = useT();
  const key = ['comments', form, record.id];
  const list = useInfiniteQuery({
    queryKey: key,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => more.comments(form, record.id, { cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  const display = mergedDisplay([record.display, ...(list.data?.pages.map((p) => p.display) ?? [])]);
  return (
    <section className="fw-card fw-comments">
      <Write form={form} id={record.id} queryKey={key} />
      {list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={3} />
      ) : items.length === 0 ? (
        <Empty icon="edit" text={t('common.empty')} />
      ) : (
        <ul>
          {items.map((c) => (
            <Line key={c.id} comment={c} display={display} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button kind="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      )}
    </section>
  );
}

function Line({ comment: c, display }: { comment: Comment; display: ReturnType<typeof mergedDisplay> }) {
  const lang = useLang();
  const { zone } = useMe().tenant;
  const name = personName(c.by, display, lang);
  return (
    <li className="fw-tl-item">
      <Avatar name={name} size={32} />
      <div className="fw-tl-body">
        <p className="fw-tl-head">
          <span className="fw-tl-who">{name}</span>
          <span className="fw-tl-meta">{formatTime(c.at, lang, zone)}</span>
        </p>
        <CommentText text={c.text} mention={(c.mention ?? []).map((u) => personName(u, display, lang))} />
        {!!c.files?.length && <Files files={c.files} />}
      </div>
    </li>
  );
}

function Write({ form, id, queryKey }: { form: string; id: string; queryKey: unknown[] }) {
  const t = useT();
  const a = useActT();
  const q = useQueryClient();
  const label = useId();
  const [text, setText] = useState('');
  const [named, setNamed] = useState<Record<string, string>>({});
  const [files, setFiles] = useState<FileInfo[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const intent = useRef(new Intent());
  const send = async () => {
    if (busy || !text.trim()) return;
    setBusy(true);
    setError('');
    const body = { text: text.trim(), mention: mentions(text, named), files: files.map((f) => f.id) };
    try {
      await more.comment(form, id, body, intent.current.keyFor(body));
      intent.current.done();
      setText('');
      setFiles([]);
      await q.invalidateQueries({ queryKey });
    } catch (e) {
      setError(textOf(e));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="fw-action fw-comment-new">
      <Opinion
        id={label}
        kind="comment"
        label={t('ui.commentNote')}
        value={text}
        onChange={setText}
        onMention={(u, n) => setNamed((m) => ({ ...m, [u]: n }))}
        invalid={!!error}
        required={false}
        autoFocus={false}
      />
      <div>
        <span id={`${label}-fl`} className="fw-sr">
          {a('act.filesOptional')}
        </span>
        <FieldEdit
          field={{ key: 'files', title: a('act.files'), type: 'attachment', maxItems: 20 }}
          value={files}
          onChange={(v) => setFiles((v as FileInfo[] | undefined) ?? [])}
          id={`${label}-files`}
          labelId={`${label}-fl`}
          invalid={false}
          required={false}
          path="/files"
        />
      </div>
      {error && (
        <p id={`${label}-err`} className="fw-field-error" role="alert">
          {error}
        </p>
      )}
      <Button kind="primary" disabled={!text.trim()} loading={busy} onClick={() => void send()}>
        {t('task.comment')}
      </Button>
    </div>
  );
}
