import './detail.css';
import type { CompiledForm, Field, LayoutItem, RecordView } from '../core/api';
import { FieldView } from '../fields/view';
import { useMode } from '../kit';
import { useT } from '../texts';
import { Masked, type Reveal } from './masked';

const wide = new Set(['subtable', 'textarea', 'richtext', 'attachment', 'image', 'json', 'signature']);

/** A record read: sections in the order of the form, only fields that may be seen. */
export function Detail({ form, record, onReveal }: { form: CompiledForm; record: RecordView; onReveal?: Reveal }) {
  const t = useT();
  const mode = useMode();
  const rights = record.rights?.fields ?? {};
  const reveal = record.rights?.ops.includes('reveal') ? onReveal : undefined;
  const fields = new Map(
    form.fields
      .filter((f) => !f.hidden && rights[f.key] !== 'hidden' && !(mode === 'phone' ? f.noMobile : f.noDesktop))
      .map((f) => [f.key, f]),
  );
  const sections = sectionsOf(form.layout ?? [], [...fields.keys()], t('form.basicInfo'), t('ui.hiddenFields'));
  return (
    <div className="fw-detail">
      {sections.map((s) => {
        const own = s.fields.flatMap((key) => fields.get(key) ?? []);
        return (
          own.length > 0 && (
            <DetailSection key={s.fields[0]} section={s} fields={own} record={record} onReveal={reveal} />
          )
        );
      })}
    </div>
  );
}

function DetailSection(props: { section: PlainSection; fields: Field[]; record: RecordView; onReveal?: Reveal }) {
  const { fields, record, onReveal } = props;
  const { title, columns } = props.section;
  return (
    <section className="fw-card fw-detail-section">
      {title && <h2>{title}</h2>}
      <dl style={{ '--fw-columns': columns } as React.CSSProperties}>
        {fields.map((f) => (
          <div key={f.key} className="fw-detail-item" data-wide={wide.has(f.type) || undefined}>
            <dt className={fields.length === 1 && f.title === title ? 'fw-sr' : undefined}>{f.title}</dt>
            <dd>
              <Value field={f} record={record} onReveal={onReveal} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Value({ field, record, onReveal }: { field: Field; record: RecordView; onReveal?: Reveal }) {
  const right = maskOf(record, field);
  const value = record.data[field.key];
  const view = <FieldView field={{ ...field, right }} value={value} />;
  if (right !== 'masked' || value === undefined || !onReveal) return view;
  return (
    <Masked key={`${record.id} ${record.rev}`} field={field} onReveal={onReveal}>
      {view}
    </Masked>
  );
}

function maskOf(record: RecordView, f: Field): Field['right'] {
  const right = record.rights?.fields?.[f.key];
  return right === 'masked' || f.right === 'masked' ? 'masked' : undefined;
}

export interface PlainSection {
  title: string;
  columns: number;
  fields: string[];
}

/** The sections of a layout, tabs and steps flattened, with a last one for fields the layout forgot. */
export function sectionsOf(layout: LayoutItem[], all: string[], only: string, rest: string): PlainSection[] {
  const out: PlainSection[] = [];
  const walk = (items: LayoutItem[]) => {
    for (const x of items) {
      if (x.fields?.length) out.push({ title: x.title ?? '', columns: x.columns || 2, fields: x.fields });
      if (x.items) walk(x.items);
    }
  };
  walk(layout);
  const placed = new Set(out.flatMap((s) => s.fields));
  const missing = all.filter((k) => !placed.has(k));
  if (missing.length) out.push({ title: out.length ? rest : only, columns: 2, fields: missing });
  return out;
}
