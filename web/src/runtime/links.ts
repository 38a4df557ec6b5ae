/** Plain links inside the application change the page without loading it anew. */
export function followLinks() {
  document.addEventListener('click', (e) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    const a = (e.target as Element).closest?.('a');
    const href = a?.getAttribute('href') ?? '';
    if (!a || a.target || !/^\/(?![/\\])/.test(href) || href.startsWith('/api/')) return;
    e.preventDefault();
    // wouter listens to pushState.
    window.history.pushState(null, '', href);
  });
}
