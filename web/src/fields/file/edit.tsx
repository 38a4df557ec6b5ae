import './file.css';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { FileInfo } from '../../core/api';
import { fileSize } from '../../core/format';
import { Icon, IconButton, textOf, toast, useMode } from '../../kit';
import { useT } from '../../texts';
import { type EditProps, useFields } from '../context';
import { asFiles } from '../view';
import { refuse, shrink, type Upload, upload } from './upload';

let count = 0;

/** attachment and image: chosen, dropped or photographed; sent in parts with progress. */
export default function FileEdit(props: EditProps) {
  const { field, value, onChange, disabled } = props;
  const t = useT();
  const { api } = useFields();
  const [sending, setSending] = useState<Upload[]>([]);
  const files = useRef<FileInfo[]>([]);
  files.current = asFiles(value);
  const stop = useRef(new AbortController());
  useEffect(() => {
    stop.current = new AbortController();
    return () => stop.current.abort();
  }, []);

  const change = (key: string, part: Partial<Upload>) =>
    setSending((all) => all.map((u) => (u.key === key ? { ...u, ...part } : u)));
  const drop = (key: string) => setSending((all) => all.filter((u) => u.key !== key));

  const send = async (u: Upload) => {
    change(u.key, { error: undefined, progress: 0 });
    try {
      const info = await upload(api, u.file, (progress) => change(u.key, { progress }), stop.current.signal);
      drop(u.key);
      files.current = [...files.current, info];
      onChange(files.current);
    } catch (error) {
      if (!stop.current.signal.aborted) change(u.key, { error });
    }
  };

  const take = async (list: FileList | null) => {
    for (const chosen of Array.from(list ?? [])) {
      const file = await shrink(chosen);
      const why = refuse(file, field.accept, field.maxBytes);
      if (why === 'type') toast(t('form.uploadType', { types: field.accept?.join('、') }), 'error');
      else if (why === 'size') toast(t('form.uploadTooLarge', { max: fileSize(field.maxBytes ?? 0) }), 'error');
      else if (field.maxItems && files.current.length >= field.maxItems)
        toast(t('ui.tooMany', { n: field.maxItems }), 'error');
      else {
        const u: Upload = { key: `u${++count}`, name: file.name, size: file.size, progress: 0, file };
        setSending((all) => [...all, u]);
        void send(u);
      }
    }
  };

  return (
    <div>
      <ul className="fw-files">
        {files.current.map((f) => (
          <li key={f.id} className="fw-file">
            <a className="fw-file-link" href={api.fileUrl(f.id)} target="_blank" rel="noreferrer">
              <Icon name="clip" size={18} />
              <span className="fw-file-name">{f.name}</span>
              <span className="fw-file-size">{fileSize(f.size)}</span>
            </a>
            {!disabled && (
              <IconButton
                icon="trash"
                size={18}
                name={t('ui.remove', { name: f.name })}
                onClick={() => {
                  const rest = files.current.filter((x) => x.id !== f.id);
                  onChange(rest.length ? rest : undefined);
                }}
              />
            )}
          </li>
        ))}
        {sending.map((u) => (
          <SendingFile key={u.key} upload={u} onRetry={() => void send(u)} onDrop={() => drop(u.key)} />
        ))}
      </ul>
      {!disabled && <Picker {...props} onFiles={(l) => void take(l)} />}
    </div>
  );
}

function SendingFile({ upload: u, onRetry, onDrop }: { upload: Upload; onRetry(): void; onDrop(): void }) {
  const t = useT();
  return (
    <li className="fw-file">
      <div className="fw-file-state">
        <Icon name={u.error ? 'warn' : 'clip'} size={18} />
        <span className="fw-file-name">
          {u.name}
          {!u.error && (
            <span
              className="fw-file-bar"
              style={{ display: 'block', width: `${Math.max(4, u.progress * 100)}%` }}
              role="progressbar"
              aria-label={u.name}
              aria-valuenow={Math.round(u.progress * 100)}
              aria-valuemin={0}
              aria-valuemax={100}
            />
          )}
        </span>
        <span className={u.error ? 'fw-file-size fw-danger' : 'fw-file-size'} role={u.error ? 'alert' : undefined}>
          {u.error ? textOf(u.error) : `${Math.round(u.progress * 100)}%`}
        </span>
      </div>
      {!!u.error && (
        <IconButton icon="refresh" size={18} name={t('ui.retryUpload', { name: u.name })} onClick={onRetry} />
      )}
      {!!u.error && <IconButton icon="trash" size={18} name={t('ui.remove', { name: u.name })} onClick={onDrop} />}
    </li>
  );
}

function Picker({
  field,
  id,
  invalid,
  describedBy,
  labelId,
  onFiles,
}: EditProps & { onFiles(list: FileList | null): void }) {
  const t = useT();
  const mode = useMode();
  const [over, setOver] = useState(false);
  const image = field.type === 'image';
  const onDrop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    onFiles(e.dataTransfer.files);
  };
  return (
    <label
      className="fw-upload"
      data-over={over || undefined}
      data-invalid={invalid || undefined}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <Icon name={image ? 'camera' : 'plus'} size={20} />
      <span>
        {image && field.cameraOnly
          ? t('form.takePhoto')
          : t(mode === 'phone' ? (image ? 'ui.photoOrAlbum' : 'form.uploadFile') : 'ui.dropHere')}
      </span>
      {field.maxBytes ? <small>{t('ui.uploadLimit', { max: fileSize(field.maxBytes) })}</small> : null}
      <input
        id={id}
        type="file"
        multiple
        accept={image ? 'image/*' : field.accept?.join(',')}
        capture={image && field.cameraOnly ? 'environment' : undefined}
        aria-labelledby={labelId}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        onChange={(e) => {
          onFiles(e.target.files);
          e.target.value = '';
        }}
      />
    </label>
  );
}
