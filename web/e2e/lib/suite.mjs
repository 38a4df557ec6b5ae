// A suite: one program, one browser, journeys of named steps.
import { after, before, test } from 'node:test';
import { launch } from './browser.mjs';
import { person } from './person.mjs';
import { startDemo } from './program.mjs';

/** Declares a suite over a program of its own. The journeys run one after the other. */
export function suite(name, startProgram = startDemo) {
  const world = { suite: name, url: '', browser: undefined, program: undefined };
  before(async () => {
    [world.program, world.browser] = await Promise.all([startProgram(), launch()]);
    world.url = world.program.url;
  });
  after(async () => {
    await world.browser?.close();
    await world.program?.stop();
  });
  return {
    world,
    /** One journey. It gets `on(name, device)` to give people their devices and `step(name, fn)`. */
    journey: (title, fn) => test(title, { timeout: 120_000 }, (t) => run(world, t, title, fn)),
  };
}

async function run(world, t, title, fn) {
  const people = [];
  const on = async (name, device, options) => {
    const p = await person(world, name, device, options);
    people.push(p);
    return p;
  };
  const step = async (name, act) => {
    const began = Date.now();
    try {
      return await act();
    } catch (e) {
      throw new Error(`${name}: ${e.message}`, { cause: e });
    } finally {
      t.diagnostic(`${name} (${Date.now() - began} ms)`);
    }
  };
  try {
    await fn({ on, step, world, note: (text) => t.diagnostic(text) });
    for (const p of people) p.judge();
  } catch (e) {
    await Promise.all(people.map((p) => p.dump(title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 40))));
    throw e;
  } finally {
    await Promise.all(people.map((p) => p.context.close()));
  }
}
