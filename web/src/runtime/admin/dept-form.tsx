import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Display } from '../../core/api';
import type { AdminDept } from '../../core/api/admin';
import { RemoteSelect, Select, TextInput, toast } from '../../kit';
import { admin, adminKeys, finder, useNames } from './client';
import { FormSheet, Line } from './parts';
import { type Problems, useSave } from './problems';
import { useA } from './texts';
import { branch, levels } from './tree';

const top = '-';

/** Adds or changes a department. */
export function DeptSheet(props: {
  dept?: AdminDept;
  parent: string;
  all: AdminDept[];
  display: Display;
  onClose(): void;
}) {
  const a = useA();
  const q = useQueryClient();
  const { dept, all, onClose } = props;
  const [name, setName] = useState(dept?.name ?? '');
  const [parent, setParent] = useState(props.parent);
  const [heads, setHeads] = useState(dept?.heads ?? []);
  const [order, setOrder] = useState(String(dept?.order ?? 0));
  const people = useNames('users', props.display);
  const { busy, problems, run } = useSave(['name', 'parent', 'heads', 'order']);
  const choices = useMemo(() => {
    const below = dept ? branch(all, dept.id) : new Set<string>();
    const level = levels(all);
    const offered = all.filter((d) => !below.has(d.id));
    const indent = (d: AdminDept) => '　'.repeat(level.get(d.id) ?? 0);
    return [{ value: top, text: a('adm.top') }, ...offered.map((d) => ({ value: d.id, text: indent(d) + d.name }))];
  }, [all, dept, a]);
  const save = () => {
    const missing: Problems = {};
    if (!name.trim()) missing.name = a('adm.needName');
    const body = { name: name.trim(), parent, heads, order: Number.parseInt(order, 10) || 0 };
    void run(async () => {
      await (dept ? admin.saveDept(dept.id, { ...body, rev: dept.rev }) : admin.createDept(body));
      toast(a(dept ? 'adm.saved' : 'adm.added'), 'success');
      onClose();
      await q.invalidateQueries({ queryKey: adminKeys.all });
    }, missing);
  };
  return (
    <FormSheet
      title={a(dept ? 'adm.editDept' : 'adm.addDept')}
      busy={busy}
      problem={problems['']}
      onSave={save}
      onClose={onClose}
    >
      <Line label={a('adm.deptName')} problem={problems.name} required>
        {(p) => <TextInput {...p} value={name} onChange={setName} maxLength={100} autoFocus={!dept} />}
      </Line>
      <Line label={a('adm.parent')} problem={problems.parent}>
        {(p) => (
          <Select
            {...p}
            required
            value={parent || top}
            onChange={(v) => setParent(v === top ? '' : v)}
            choices={choices}
          />
        )}
      </Line>
      <Line label={a('adm.heads')} hint={a('adm.headsHint')} problem={problems.heads}>
        {(p) => (
          <RemoteSelect
            {...p}
            multiple
            avatar
            value={heads}
            titleOf={people.nameOf}
            load={finder('users')}
            onChange={(ids, found) => {
              people.learn(found);
              setHeads(ids);
            }}
          />
        )}
      </Line>
      <Line label={a('adm.order')} hint={a('adm.orderHint')} problem={problems.order}>
        {(p) => (
          <TextInput
            {...p}
            inputMode="numeric"
            value={order}
            onChange={(v) => setOrder(v.replace(/[^\d-]/g, ''))}
            maxLength={6}
          />
        )}
      </Line>
    </FormSheet>
  );
}
