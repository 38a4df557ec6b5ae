import './edit.css';
import { type ComponentType, lazy, Suspense } from 'react';
import type { FieldType } from '../core/api';
import { CascadeEdit, CheckboxEdit, MultiSelectEdit, RadioEdit, SelectEdit, SwitchEdit } from './choice/edit';
import type { EditProps } from './context';
import { DateEdit, DateRangeEdit, TimeEdit } from './date/edit';
import { NumberEdit, RatingEdit, SliderEdit } from './number/edit';
import { ComputedEdit } from './plain/computed';
import { TextAreaEdit, TextEdit } from './text/edit';

const OrgEdit = lazy(() => import('./org/edit'));
const FileEdit = lazy(() => import('./file/edit'));
const plain = () => import('./plain/edit');

/** The edit control of every field type that holds one value; a subtable is drawn by its own renderer. */
const edits: Record<Exclude<FieldType, 'subtable'>, ComponentType<EditProps>> = {
  text: TextEdit,
  textarea: TextAreaEdit,
  richtext: TextAreaEdit,
  phone: TextEdit,
  email: TextEdit,
  url: TextEdit,
  idcard: TextEdit,
  barcode: TextEdit,
  number: NumberEdit,
  money: NumberEdit,
  percent: NumberEdit,
  rating: RatingEdit,
  slider: SliderEdit,
  switch: SwitchEdit,
  date: DateEdit,
  daterange: DateRangeEdit,
  time: TimeEdit,
  radio: RadioEdit,
  checkbox: CheckboxEdit,
  select: SelectEdit,
  multiselect: MultiSelectEdit,
  cascade: CascadeEdit,
  region: CascadeEdit,
  member: OrgEdit,
  department: OrgEdit,
  role: OrgEdit,
  relation: lazy(() => import('./relation/edit')),
  attachment: FileEdit,
  image: FileEdit,
  signature: lazy(() => import('./plain/signature')),
  json: lazy(() => plain().then((m) => ({ default: m.JsonEdit }))),
  color: lazy(() => plain().then((m) => ({ default: m.ColorEdit }))),
  address: lazy(() => plain().then((m) => ({ default: m.AddressEdit }))),
  location: lazy(() => plain().then((m) => ({ default: m.LocationEdit }))),
  serial: ComputedEdit,
  formula: ComputedEdit,
  rollup: ComputedEdit,
  lookup: ComputedEdit,
  reverse: ComputedEdit,
};

/** The control to edit a field's value. */
export function FieldEdit(props: EditProps) {
  const Edit = edits[props.field.type as Exclude<FieldType, 'subtable'>] ?? ComputedEdit;
  return (
    <Suspense fallback={<span className="fw-control-wait" />}>
      <Edit {...props} />
    </Suspense>
  );
}
