import '../file/file.css';
import { type PointerEvent, type Ref, useImperativeHandle, useRef, useState } from 'react';
import { Button } from '../../kit';
import { useT } from '../../texts';

/** What a form can ask of the pad. */
export interface SignatureHandle {
  /** The drawing or the chosen picture; undefined while the pad is empty. */
  file(): Promise<File | undefined>;
}

/** Height and width of the picture that is kept. */
const size = { width: 640, height: 320 };

/**
 * A box to sign in by finger, pen or mouse. Whoever cannot draw chooses a
 * picture of his signature instead. Nothing is sent from here.
 */
export function SignaturePad(props: {
  handle: Ref<SignatureHandle>;
  id?: string;
  label: string;
  describedBy?: string;
  invalid?: boolean;
  /** Told when the pad gets its first stroke or picture, and when it is cleared. */
  onSigned(signed: boolean): void;
}) {
  const t = useT();
  const pad = useRef<HTMLCanvasElement>(null);
  const last = useRef<[number, number] | null>(null);
  const [picture, setPicture] = useState<{ file: File; url: string } | null>(null);
  const [drawn, setDrawn] = useState(false);
  useImperativeHandle(props.handle, () => ({
    file: async () => {
      if (picture) return picture.file;
      if (!drawn) return undefined;
      const blob = await new Promise<Blob | null>((done) => pad.current?.toBlob(done, 'image/png'));
      return blob ? new File([blob], 'signature.png', { type: 'image/png' }) : undefined;
    },
  }));

  const draw = (e: PointerEvent<HTMLCanvasElement>) => {
    const pen = e.currentTarget.getContext('2d');
    if (!pen || !last.current) return;
    const box = e.currentTarget.getBoundingClientRect();
    const to: [number, number] = [
      ((e.clientX - box.left) * size.width) / box.width,
      ((e.clientY - box.top) * size.height) / box.height,
    ];
    pen.lineWidth = 5;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    pen.strokeStyle = '#171a1d';
    pen.beginPath();
    pen.moveTo(...(last.current[0] < 0 ? to : last.current));
    pen.lineTo(...to);
    pen.stroke();
    last.current = to;
  };
  const down = (e: PointerEvent<HTMLCanvasElement>) => {
    if (e.button !== 0) return;
    e.currentTarget.setPointerCapture(e.pointerId);
    last.current = [-1, -1];
    // A dot is a stroke too.
    draw(e);
    if (!drawn) props.onSigned(true);
    setDrawn(true);
  };
  const up = () => {
    last.current = null;
  };
  const clear = () => {
    pad.current?.getContext('2d')?.clearRect(0, 0, size.width, size.height);
    if (picture) URL.revokeObjectURL(picture.url);
    setPicture(null);
    setDrawn(false);
    props.onSigned(false);
  };
  const take = (file: File | undefined) => {
    if (!file || !/^image\/(png|jpe?g|webp)$/.test(file.type)) return;
    setPicture({ file, url: URL.createObjectURL(file) });
    props.onSigned(true);
  };

  return (
    <div className="fw-sign">
      {picture ? (
        <img src={picture.url} alt={props.label} className="fw-sign-pad fw-sign-picture" />
      ) : (
        <span className="fw-sign-box" data-invalid={props.invalid || undefined}>
          <canvas
            ref={pad}
            id={props.id}
            role="img"
            tabIndex={-1}
            width={size.width}
            height={size.height}
            className="fw-sign-pad"
            aria-label={t('ui.signHere')}
            onPointerDown={down}
            onPointerMove={draw}
            onPointerUp={up}
            onPointerCancel={up}
          />
          {!drawn && <span className="fw-sign-hint">{t('ui.signHere')}</span>}
        </span>
      )}
      <div className="fw-sign-tools">
        <label className="fw-sign-upload">
          {t('ui.signUpload')}
          <input
            type="file"
            accept="image/png,image/jpeg,image/webp"
            aria-describedby={props.describedBy}
            onChange={(e) => {
              take(e.target.files?.[0]);
              e.target.value = '';
            }}
          />
        </label>
        <Button size="small" disabled={!drawn && !picture} onClick={clear}>
          {t('form.signClear')}
        </Button>
      </div>
    </div>
  );
}
