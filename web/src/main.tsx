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
startLang(boot.lang ?? boot.me?.lang);
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
