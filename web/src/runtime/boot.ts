import type { App, CompiledForm, Me } from '../core/api';

/** What the server inlines into the page, to spare the first round trips. Every part may be missing. */
export interface Boot {
  lang?: string;
  me?: Me;
  apps?: { items: App[] };
  form?: CompiledForm;
  /** Version of the program. */
  version?: string;
}

/** Reads the inlined data; a page served without it just asks for everything. */
export function readBoot(): Boot {
  const text = document.getElementById('boot')?.textContent;
  if (!text) return {};
  try {
    return JSON.parse(text) as Boot;
  } catch {
    return {};
  }
}

export const boot = readBoot();
