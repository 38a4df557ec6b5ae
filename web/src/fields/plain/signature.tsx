import '../file/file.css';
import { type PointerEvent, useRef, useState } from 'react';
import type { FileInfo } from '../../core/api';
import { Button, textOf, toast } from '../../kit';
import { useT } from '../../texts';
import { type EditProps, useFields } from '../context';
import { upload } from '../file/upload';

/** signature: drawn by finger or mouse, kept as a picture. */
export default function SignatureEdit({ field, value, onChange, disabled }: EditProps) {
  const t = useT();
  const { api } = useFields();
  const pad = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(false);
  const [busy, setBusy] = useState(false);
  const file = value as FileInfo | undefined;

  const point = (e: PointerEvent<HTMLCanvasElement>) => {
    const box = e.currentTarget.getBoundingClientRect();
    return [
      ((e.clientX - box.left) * e.currentTarget.width) / box.width,
      ((e.clientY - box.top) * e.currentTarget.height) / box.height,
    ] as const;
  };
  const down = (e: PointerEvent<HTMLCanvasElement>) => {
    e.currentTarget.setPointerCapture(e.pointerId);
    const pen = e.currentTarget.getContext('2d');
    if (!pen) return;
    pen.lineWidth = 4;
    pen.lineCap = 'round';
    pen.beginPath();
    pen.moveTo(...point(e));
    setDrawn(true);
  };
  const move = (e: PointerEvent<HTMLCanvasElement>) => {
    if (!e.buttons) return;
    const pen = e.currentTarget.getContext('2d');
    pen?.lineTo(...point(e));
    pen?.stroke();
  };
  const save = async () => {
    const blob = await new Promise<Blob | null>((done) => pad.current?.toBlob(done, 'image/png'));
    if (!blob) return;
    setBusy(true);
    try {
      const png = new File([blob], 'signature.png', { type: 'image/png' });
      onChange(await upload(api, png, () => undefined, new AbortController().signal));
    } catch (e) {
      toast(textOf(e), 'error');
    } finally {
      setBusy(false);
    }
  };

  if (file) {
    return (
      <div className="fw-stack">
        <img src={api.fileUrl(file.id)} alt={field.title} className="fw-sign-pad" style={{ objectFit: 'contain' }} />
        {!disabled && (
          <Button size="small" onClick={() => onChange(undefined)}>
            {t('ui.clearSign')}
          </Button>
        )}
      </div>
    );
  }
  if (disabled) return <span className="fw-muted">—</span>;
  return (
    <div className="fw-stack">
      <canvas
        ref={pad}
        width={640}
        height={320}
        className="fw-sign-pad"
        aria-label={t('ui.signHere')}
        onPointerDown={down}
        onPointerMove={move}
      />
      <div className="fw-row">
        <span className="fw-muted">{t('ui.signHere')}</span>
        <Button size="small" kind="primary" disabled={!drawn} loading={busy} onClick={() => void save()}>
          {t('common.done')}
        </Button>
      </div>
    </div>
  );
}
