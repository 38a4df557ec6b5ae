import type { Field, FieldType, Json } from '../core/api';
import type { Cell, FieldState } from '../core/form';
import { FieldEdit } from '../fields/edit';
import { FieldView } from '../fields/view';
import { Spinner, Tag } from '../kit';
import { useT } from '../texts';
import { controlId, useFormScope, useSignal } from './form-context';

/** Types that take the whole width and stand below their name. */
const stacked = new Set<FieldType>([
  'textarea',
  'richtext',
  'attachment',
  'image',
  'signature',
  'json',
  'radio',
  'checkbox',
  'daterange',
  'address',
  'location',
  'rating',
  'slider',
]);
export const isStacked = (f: Field) => stacked.has(f.type);
/** Types that take all columns of a section on a desktop. */
const whole = new Set<FieldType>(['textarea', 'richtext', 'attachment', 'image', 'signature', 'json', 'subtable']);
/** Types whose name cannot be a label element, as no single input belongs to it. */
const grouped = new Set<FieldType>([
  'radio',
  'checkbox',
  'daterange',
  'address',
  'location',
  'rating',
  'slider',
  'signature',
]);

/** One field of the record being filled: name, control or value, help and errors. */
export function FieldItem({ field }: { field: Field }) {
  const { state } = useFormScope();
  const cell = state.cell(field.key);
  const how = useSignal(state.state(field.key));
  if (!cell || !how.visible) return null;
  return (
    <CellItem
      field={field}
      cell={cell}
      how={how}
      id={controlId(field.key)}
      path={`/${field.key}`}
      onChange={(v) => state.set(field.key, v)}
      onBlur={() => state.check(field.key)}
      onFill={(value, fill) => state.fill({ key: field.key }, value, fill)}
    />
  );
}

export interface CellItemProps {
  field: Field;
  cell: Cell;
  how: FieldState;
  id: string;
  path: string;
  onChange(v: Json | undefined): void;
  onBlur(): void;
  onFill(value: Json | undefined, fill: Record<string, Json>): void;
}

/** A cell of the record or of a row in its full form, with name and errors. */
export function CellItem(props: CellItemProps) {
  const t = useT();
  const { mark } = useFormScope();
  const { field, cell, how, id } = props;
  const errors = useSignal(cell.errors);
  const busy = useSignal(cell.busy);
  const invalid = errors.length > 0;
  const Name = how.readonly || grouped.has(field.type) ? 'span' : 'label';
  const describedBy = [field.help && `${id}-help`, invalid && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div
      id={`${id}-box`}
      tabIndex={-1}
      className="fw-field"
      data-stacked={isStacked(field) || undefined}
      data-whole={whole.has(field.type) || undefined}
      data-invalid={invalid || undefined}
      data-readonly={how.readonly || undefined}
    >
      <div className="fw-field-name">
        <Name id={`${id}-label`} htmlFor={Name === 'label' ? id : undefined}>
          {field.title}
          {how.required && (
            <span className="fw-required" aria-hidden="true">
              *
            </span>
          )}
          {how.required && <span className="fw-sr">（{t('form.required')}）</span>}
        </Name>
        {mark && !how.readonly && <Tag tone="brand">{t('ui.editableHere')}</Tag>}
        {busy && <Spinner />}
      </div>
      <div className="fw-field-body">
        <Control {...props} invalid={invalid} describedBy={describedBy} />
        {field.help && (
          <p id={`${id}-help`} className="fw-field-help">
            {field.help}
          </p>
        )}
        {invalid && (
          <p id={`${id}-error`} className="fw-field-error">
            {errors.map((e) => e.message).join('；')}
          </p>
        )}
      </div>
    </div>
  );
}

/** The bare control of a cell, or its value where it may not be changed. */
export function Control({
  field,
  cell,
  how,
  id,
  path,
  onChange,
  onBlur,
  onFill,
  invalid,
  describedBy,
  dense,
}: CellItemProps & { invalid: boolean; describedBy?: string; dense?: boolean }) {
  const value = useSignal(cell.value);
  if (how.readonly && !live.has(field.type)) {
    return <ReadOnly field={field} value={value} />;
  }
  return (
    <FieldEdit
      field={field}
      value={value}
      id={id}
      labelId={`${id}-label`}
      path={path}
      invalid={invalid}
      required={how.required}
      describedBy={describedBy}
      dense={dense}
      disabled={how.readonly}
      onChange={(v) => onChange(v as Json | undefined)}
      onBlur={onBlur}
      onFill={(fill) => onFill(cell.value.peek(), fill)}
    />
  );
}

/** Types that say themselves how they look when nothing can be typed. */
const live = new Set<FieldType>(['serial', 'formula', 'rollup', 'lookup', 'reverse']);

function ReadOnly({ field, value }: { field: Field; value: unknown }) {
  return (
    <div className="fw-readonly">
      <FieldView field={field} value={value} />
    </div>
  );
}
