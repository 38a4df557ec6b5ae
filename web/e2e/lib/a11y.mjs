// axe-core on the page as it is now.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The serious and critical violations, one line per rule with the places. */
export async function violations(page) {
  // Through the debugger, as the page's own policy forbids what is not its script.
  if (!(await page.evaluate('!!window.axe'))) await page.evaluate(source);
  return page.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ['violations'] });
    const place = (n) => `${n.target.join(' ')} ${n.html.slice(0, 200)} ${n.any[0]?.message ?? ''}`;
    return result.violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id} (${v.impact}): ${v.nodes.map(place).join(' | ')}`);
  });
}
