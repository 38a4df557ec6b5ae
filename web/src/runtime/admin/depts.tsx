import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { AdminDept } from '../../core/api/admin';
import { Button, Cell, confirm, Empty, ErrorState, Icon, Menu, Skeleton, textOf, toast, useMode } from '../../kit';
import { admin, adminKeys } from './client';
import { DeptSheet } from './dept-form';
import { Head } from './parts';
import { useA } from './texts';
import { levels } from './tree';

/** What the sheet is open for: a department, or a new one below another. */
type Open = { dept?: AdminDept; parent: string } | null;

/** The departments as a tree. */
export default function Depts() {
  const a = useA();
  const [open, setOpen] = useState<Open>(null);
  const list = useQuery({ queryKey: adminKeys.depts, queryFn: ({ signal }) => admin.depts({ signal }) });
  const items = list.data?.items ?? [];
  return (
    <>
      <Head>
        <Button kind="primary" icon={<Icon name="plus" size={16} />} onClick={() => setOpen({ parent: '' })}>
          {a('adm.addDept')}
        </Button>
      </Head>
      {list.isPending ? (
        <Skeleton rows={6} />
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !items.length ? (
        <Empty icon="flow" text={a('adm.noDept')} note={a('adm.noDeptNote')} />
      ) : (
        <Tree items={items} names={list.data?.display.users ?? {}} onOpen={setOpen} />
      )}
      {open && list.data && (
        <DeptSheet
          key={open.dept?.id ?? `+${open.parent}`}
          {...open}
          all={items}
          display={list.data.display}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

interface TreeProps {
  items: AdminDept[];
  names: Record<string, string>;
  onOpen(open: Open): void;
}

function Tree({ items, names, onOpen }: TreeProps) {
  const a = useA();
  const phone = useMode() === 'phone';
  const level = useMemo(() => levels(items), [items]);
  const note = (d: AdminDept) =>
    [d.heads.map((h) => names[h] ?? h).join('、'), a('adm.people', { n: d.members })].filter(Boolean).join(' · ');
  return (
    <ul className="fw-card fw-adm-tree">
      {items.map((d) => (
        <li key={d.id} style={{ paddingLeft: (level.get(d.id) ?? 0) * (phone ? 16 : 28) }}>
          <Cell title={d.name} note={note(d)} onClick={() => onOpen({ dept: d, parent: d.parent })} />
          <Acts dept={d} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  );
}

function Acts({ dept, onOpen }: { dept: AdminDept; onOpen(open: Open): void }) {
  const a = useA();
  const q = useQueryClient();
  const remove = async () => {
    const yes = await confirm({
      title: a('adm.deleteDeptAsk', { name: dept.name }),
      text: a('adm.deleteDeptNote'),
      ok: a('adm.deleteDept'),
      danger: true,
    });
    if (!yes) return;
    try {
      await admin.deleteDept(dept.id);
      toast(a('adm.deleted'), 'success');
    } catch (x) {
      toast(textOf(x), 'error');
    }
    await q.invalidateQueries({ queryKey: adminKeys.all });
  };
  const name = a('adm.more', { name: dept.name });
  return (
    <Menu
      title={name}
      actions={[
        { key: 'add', text: a('adm.addBelow'), onClick: () => onOpen({ parent: dept.id }) },
        { key: 'edit', text: a('adm.editDept'), onClick: () => onOpen({ dept, parent: dept.parent }) },
        { key: 'delete', text: a('adm.deleteDept'), danger: true, onClick: () => void remove() },
      ]}
    >
      {(open) => (
        <button type="button" className="fw-icon-button" aria-label={name} title={name} {...open}>
          <Icon name="more" />
        </button>
      )}
    </Menu>
  );
}
