import './view.css';
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import type { Field, FileInfo, Json, RowData } from '../core/api';
import { displayValue, findOption } from '../core/format';
import { Skeleton, Tag } from '../kit';
import { useT } from '../texts';
import { useDisplayContext, useFields } from './context';

const SubtableView = lazy(() => import('./subtable/view'));
const FileView = lazy(() => import('./file/view'));

export interface ViewProps {
  field: Field;
  value: unknown;
}

/** A value as it is read in a detail page. */
export function FieldView({ field, value }: ViewProps) {
  const t = useT();
  const Special = views[field.type];
  const blank = value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length);
  if (blank) return <span className="fw-muted">{field.type === 'switch' ? t('common.no') : '—'}</span>;
  if (Special && field.right !== 'masked') {
    return (
      <Suspense fallback={<Skeleton rows={field.type === 'subtable' ? 3 : 1} />}>
        <Special field={field} value={value} />
      </Suspense>
    );
  }
  return <TextView field={field} value={value} />;
}

/** A value in one line of a table or card. */
export function CellView({ field, value }: ViewProps) {
  const context = useDisplayContext();
  const text = displayValue(field, value, context.display, context.lang, context);
  if (field.type === 'radio' || field.type === 'select') {
    const option = findOption(field.options, String(value ?? ''));
    if (option?.color) return <ColoredText color={option.color}>{text}</ColoredText>;
  }
  return <span className={isNumeric(field) ? 'fw-num' : undefined}>{text}</span>;
}

/** Whether values of the field stand right-aligned in tables. */
export function isNumeric(f: Field): boolean {
  const type = f.type === 'formula' ? f.resultType : f.type;
  return type === 'number' || type === 'money' || type === 'percent' || type === 'rollup';
}

function TextView({ field, value }: ViewProps) {
  const context = useDisplayContext();
  return <span className="fw-value-text">{displayValue(field, value, context.display, context.lang, context)}</span>;
}

function ColoredText({ color, children }: { color: string; children: ReactNode }) {
  return (
    <span className="fw-value-color">
      <i style={{ background: color }} />
      {children}
    </span>
  );
}

function LinkView({ field, value }: ViewProps) {
  const text = String(value);
  const href = field.type === 'phone' ? `tel:${text}` : field.type === 'email' ? `mailto:${text}` : text;
  // Only addresses a person would expect: a "javascript:" url stays plain text.
  if (field.type === 'url' && !/^https?:\/\//i.test(text)) return <TextView field={field} value={value} />;
  return (
    <a href={href} target={field.type === 'url' ? '_blank' : undefined} rel="noreferrer" className="fw-value-text">
      <CellView field={field} value={value} />
    </a>
  );
}

function ChoiceView({ field, value }: ViewProps) {
  if (!Array.isArray(value)) return <CellView field={field} value={value} />;
  const list = value as string[];
  return (
    <span className="fw-value-tags">
      {list.map((v) => {
        const o = findOption(field.options, v);
        return o?.color ? (
          <ColoredText key={v} color={o.color}>
            {o.text}
          </ColoredText>
        ) : (
          <Tag key={v}>{o?.text ?? v}</Tag>
        );
      })}
    </span>
  );
}

function SwitchView({ value }: ViewProps) {
  const t = useT();
  return <Tag tone={value === true ? 'brand' : 'neutral'}>{t(value === true ? 'common.yes' : 'common.no')}</Tag>;
}

function ColorView({ value }: ViewProps) {
  return <ColoredText color={String(value)}>{String(value)}</ColoredText>;
}

function JsonView({ value }: ViewProps) {
  return <pre className="fw-value-json">{JSON.stringify(value as Json, null, 2)}</pre>;
}

function RecordLink({ field, value }: ViewProps) {
  const { display } = useFields();
  const ids = (Array.isArray(value) ? value : [value]) as string[];
  const form = field.relation?.form ?? field.link?.form;
  return (
    <span className="fw-value-tags">
      {ids.map((id) =>
        form ? (
          <a key={id} href={`/f/${form}/${id}`}>
            {display.records?.[id] ?? id}
          </a>
        ) : (
          <span key={id}>{display.records?.[id] ?? id}</span>
        ),
      )}
    </span>
  );
}

const views: Partial<Record<Field['type'], ComponentType<ViewProps>>> = {
  phone: LinkView,
  email: LinkView,
  url: LinkView,
  radio: ChoiceView,
  select: ChoiceView,
  checkbox: ChoiceView,
  multiselect: ChoiceView,
  switch: SwitchView,
  color: ColorView,
  json: JsonView,
  relation: RecordLink,
  reverse: RecordLink,
  attachment: FileView as ComponentType<ViewProps>,
  image: FileView as ComponentType<ViewProps>,
  signature: FileView as ComponentType<ViewProps>,
  subtable: SubtableView as ComponentType<ViewProps>,
};

/** Typed readers of wire values. */
export const asRows = (v: unknown): RowData[] => (Array.isArray(v) ? (v as RowData[]) : []);
export const asFiles = (v: unknown): FileInfo[] => (Array.isArray(v) ? (v as FileInfo[]) : v ? [v as FileInfo] : []);
export const asText = (v: unknown): string =>
  typeof v === 'string' ? v : v === undefined || v === null ? '' : String(v);
export const asList = (v: unknown): string[] => (Array.isArray(v) ? v.map(String) : v ? [String(v)] : []);
