import { lazy, Suspense, useState } from 'react';
import type { CompiledForm, RecordView } from '../../core/api';
import { Icon, Menu, toast } from '../../kit';
import { useActT } from '../act/texts';

const ExplainSheet = lazy(() => import('../explain/sheet'));

/** What concerns the record itself, not its approval. */
export function RecordMenu({ form, record }: { form: CompiledForm; record: RecordView }) {
  const a = useActT();
  const [open, setOpen] = useState(false);
  const copy = () => {
    const link = `${window.location.origin}/f/${form.ref}/${record.id}`;
    navigator.clipboard?.writeText(link).then(
      () => toast(a('act.copied')),
      () => undefined,
    );
  };
  return (
    <>
      <Menu
        title={a('act.recordMenu')}
        actions={[
          { key: 'explain', text: a('act.explain'), onClick: () => setOpen(true) },
          { key: 'link', text: a('act.copyLink'), onClick: copy },
        ]}
      >
        {(o) => (
          <button
            type="button"
            className="fw-icon-button"
            aria-label={a('act.recordMenu')}
            title={a('act.recordMenu')}
            {...o}
          >
            <Icon name="more" size={20} />
          </button>
        )}
      </Menu>
      {open && (
        <Suspense fallback={null}>
          <ExplainSheet form={form} record={record} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
