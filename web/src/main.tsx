import './kit/tokens.css';
import './kit/base.css';
import './runtime/runtime.css';
import { createRoot } from 'react-dom/client';
import { App } from './runtime/app';
import { boot } from './runtime/boot';
import { followLinks } from './runtime/links';
import { reloadOnStaleChunk } from './runtime/stale';
import { startLang } from './texts';

reloadOnStaleChunk();
followLinks();
const root = document.getElementById('root');
void startLang(boot.lang ?? boot.me?.lang).then(() => {
  if (root) createRoot(root).render(<App />);
});
