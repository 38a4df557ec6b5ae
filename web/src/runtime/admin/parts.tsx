import { type ReactNode, useId } from 'react';
import { Button, Sheet, toast } from '../../kit';
import { useT } from '../../texts';
import { useA } from './texts';

/** What a control needs to know of the line it stands in. */
export interface LineProps {
  id: string;
  label: string;
  labelId: string;
  describedBy?: string;
  invalid: boolean;
  required?: boolean;
}

/** One line of a form: name, control, hint, and what is wrong. */
export function Line(props: {
  label: string;
  hint?: string;
  problem?: string;
  required?: boolean;
  /** The control has no frame of its own to be given: a switch, a list. */
  bare?: boolean;
  children(p: LineProps): ReactNode;
}) {
  const { label, hint, problem, required } = props;
  const id = useId();
  const note = problem ?? hint;
  const given = {
    id,
    label,
    labelId: `${id}-l`,
    describedBy: note ? `${id}-n` : undefined,
    invalid: !!problem,
    required,
  };
  return (
    <div className="fw-adm-line">
      <label id={`${id}-l`} htmlFor={id}>
        {label}
        {required && <span className="fw-danger"> *</span>}
      </label>
      <div className={props.bare ? undefined : 'fw-adm-input'} data-invalid={problem ? '' : undefined}>
        {props.children(given)}
      </div>
      {note && (
        <p id={`${id}-n`} className={problem ? 'fw-adm-problem' : 'fw-adm-hint'} role={problem ? 'alert' : undefined}>
          {note}
        </p>
      )}
    </div>
  );
}

/** A form in a layer of its own: cancel, and save, which Enter does too. */
export function FormSheet(props: {
  title: string;
  busy: boolean;
  /** What belongs to no line. */
  problem?: string;
  ok?: string;
  more?: ReactNode;
  onSave(): void;
  onClose(): void;
  children: ReactNode;
}) {
  const t = useT();
  const id = useId();
  return (
    <Sheet
      open
      title={props.title}
      kind="drawer"
      full
      onClose={props.onClose}
      footer={
        <>
          {props.more}
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" loading={props.busy} onClick={props.onSave}>
            {props.ok ?? t('common.save')}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="fw-adm-form"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          props.onSave();
        }}
      >
        {props.children}
        {props.problem && (
          <p className="fw-adm-problem" role="alert">
            {props.problem}
          </p>
        )}
        <button type="submit" className="fw-sr" tabIndex={-1} aria-hidden="true" />
      </form>
    </Sheet>
  );
}

/** A text that is shown once, with a way to copy it. */
export function OnceSheet(props: { title: string; note: string; text: string; ok?: string; onClose(): void }) {
  const a = useA();
  const t = useT();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text);
      toast(a('adm.copied'), 'success');
    } catch {
      toast(a('adm.copyFailed'), 'error');
    }
  };
  return (
    <Sheet
      open
      title={props.title}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{props.ok ?? t('common.close')}</Button>
          <Button kind="primary" onClick={() => void copy()}>
            {a('adm.copy')}
          </Button>
        </>
      }
    >
      <div className="fw-adm-once">
        <p className="fw-muted">{props.note}</p>
        <textarea
          readOnly
          rows={4}
          value={props.text}
          aria-label={props.title}
          onFocus={(e) => e.currentTarget.select()}
        />
      </div>
    </Sheet>
  );
}

/** The head of a section: what it holds, and the way to a new one. */
export function Head({ note, children }: { note?: string; children?: ReactNode }) {
  return (
    <div className="fw-adm-head">
      {note && <p className="fw-muted">{note}</p>}
      {children && <div className="fw-adm-tools">{children}</div>}
    </div>
  );
}
