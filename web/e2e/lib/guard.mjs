// Watches a page: a console error or a failed request that nobody announced fails the test.

/** Starts watching a page. */
export function guard(page) {
  const faults = [];
  const log = [];
  const allowed = [];
  const note = (text) => log.push(`${new Date().toISOString().slice(11, 23)} ${text}`);

  page.on('console', (m) => {
    note(`console.${m.type()}: ${m.text()}`);
    // The browser's own line about an answer of 4xx: the answer itself is judged below.
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) faults.push(`console: ${m.text()}`);
  });
  page.on('pageerror', (e) => {
    note(`pageerror: ${e.stack}`);
    faults.push(`page error: ${e.message}`);
  });
  page.on('response', (r) => {
    if (r.status() < 400) return;
    const line = `${r.request().method()} ${new URL(r.url()).pathname} → ${r.status()}`;
    note(line);
    if (!allowed.some((a) => r.status() === a.status && a.path.test(r.url()))) faults.push(line);
  });
  page.on('requestfailed', (r) => {
    const why = r.failure()?.errorText ?? '';
    note(`failed: ${r.url()} ${why}`);
    // Aborted by the page itself: it left, or asked again.
    if (why !== 'net::ERR_ABORTED' && !allowed.some((a) => a.status === 0 && a.path.test(r.url())))
      faults.push(`${r.url()} ${why}`);
  });

  return {
    /** Answers with this status (0: no answer at all) of these paths are part of the story. */
    expect: (status, path) => allowed.push({ status, path }),
    faults: () => faults,
    log: () => log.join('\n'),
  };
}
