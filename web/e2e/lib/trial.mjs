// The app of the journeys through flows: small forms whose flows use everything.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { password } from './person.mjs';
import { binary, startDemo } from './program.mjs';
import { decide } from './story.mjs';

export const request = 'trial.request';

const folder = fileURLToPath(new URL('../packs/trial', import.meta.url));

/** Starts the demonstration and brings the app into it, as an administrator does from the command line. */
export async function startTrial() {
  const program = await startDemo();
  try {
    const token = await tokenOf(program, 'admin');
    execFileSync(binary(), ['pack', 'import', folder, '--server', program.url, '--key', token]);
    return program;
  } catch (e) {
    await program.stop();
    throw e;
  }
}

/** A session of somebody whose device plays no part. */
async function tokenOf(program, user) {
  const r = await fetch(`${program.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password }),
  });
  return (await r.json()).token;
}

/** People who need no device approve their tasks of a record, one after the other. */
export async function approveAs(world, record, ...users) {
  for (const user of users) {
    const token = await tokenOf(world, user);
    const api = async (method, path, body) => {
      const r = await fetch(world.url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      return { status: r.status, body: await r.json() };
    };
    await decide({ name: user, api }, record, 'approve');
  }
}

/** Submits a request for a person who is logged in; returns the record. */
export async function submitRequest(p, name, { amount = '500', choose } = {}) {
  const r = await p.api('POST', `/api/v1/forms/${request}/records`, { data: { name, amount }, submit: true, choose });
  assert.equal(r.status, 201, JSON.stringify(r.body));
  return r.body;
}

/** Opens an action from the menu of further ones. */
export async function openAction(p, name) {
  await p.press('更多');
  await p.press(p.phone ? p.sheet.getByRole('button', { name, exact: true }) : p.page.getByRole('menuitem', { name }));
  await p.sheet.getByRole('heading', { name, exact: true }).waitFor();
}

/** The tab with the flow, as the timeline or the diagram. */
export async function openFlow(p, shape = '流程记录') {
  await p.press(p.page.getByRole('tab', { name: '流程', exact: true }));
  await p.press(p.button(shape));
}
