// What must have happened before a journey begins, done over the API.
import assert from 'node:assert/strict';

export const contract = 'cost.expense_contract';

/** The demonstration's first project, partner and cost subject, as the person may choose them. */
async function optionOf(p, field, q) {
  const r = await p.api('GET', `/api/v1/forms/${contract}/options/${field}?q=${encodeURIComponent(q)}`);
  assert.ok(r.body?.items?.length, `no option of ${field} for ${q}: ${JSON.stringify(r.body)}`);
  return r.body.items[0].id;
}

/** Submits a contract of one line on building 1 for a person who is logged in; returns the record. */
export async function submitContract(p, name, { qty = '100', price = '1000', submit = true } = {}) {
  const [project, party, subject] = await Promise.all([
    optionOf(p, 'project', '一号楼'),
    optionOf(p, 'party', '钢联'),
    optionOf(p, 'lines.subject', '钢筋'),
  ]);
  const data = { project, name, type: '采购', party, lines: [{ subject, item: '螺纹钢', unit: 't', qty, price }] };
  const r = await p.api('POST', `/api/v1/forms/${contract}/records`, { data, submit });
  assert.equal(r.status, 201, JSON.stringify(r.body));
  return r.body;
}

/** Decides the person's open task of a record over the API. */
export async function decide(p, record, kind, body = {}) {
  const list = await p.api('GET', '/api/v1/tasks?box=todo');
  const task = list.body.items.find((x) => x.record === record);
  assert.ok(task, `${p.name} has no task of ${record}`);
  const r = await p.api('POST', `/api/v1/tasks/${task.id}/${kind}`, { rev: task.rev, ...body });
  assert.equal(r.status, 200, JSON.stringify(r.body));
}

/** The path of a record's page. */
export const pathOf = (record) => `/f/${record.form}/${record.id}`;

/** Opens the task of a contract from the task centre. */
export async function openTask(p, name) {
  await p.open('/tasks');
  await p.press(p.page.locator('.fw-task', { hasText: name }));
  await p.page.getByRole('heading', { name: new RegExp(name) }).waitFor();
}

/** The button that carries out what the open sheet asks. */
export const confirmButton = (p, text) =>
  p.sheet.locator('.fw-sheet-foot').getByRole('button', { name: text, exact: true });
