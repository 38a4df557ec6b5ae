import type { CompiledForm, Rule, RuleEffect } from '../api/types';
import type { Access } from './access';
import type { FieldState } from './cell';
import { fieldPaths, split } from './model';

type EffectName = 'show' | 'hide' | 'require' | 'optional' | 'lock' | 'unlock';

/** Derives how fields stand from the branches that hold: section 4 of docs/rules.md. */
export class States {
  /** Fields that lose their value while hidden; not those that the definition alone hides. */
  readonly clearable = new Set<string>();
  private readonly shown = new Set<string>();

  constructor(
    private readonly form: CompiledForm,
    private readonly computed: Set<string>,
    private readonly access: Access,
  ) {
    const ruled = new Set<string>();
    for (const rule of form.rules ?? []) {
      for (const branch of [rule.then, rule.else]) {
        for (const path of branch?.show ?? []) this.shown.add(path);
        for (const path of [...(branch?.show ?? []), ...(branch?.hide ?? [])]) ruled.add(path);
      }
    }
    for (const [path, f] of fieldPaths(form)) {
      if (f.clearHidden && (ruled.has(path) || ruled.has(split(path)[0]))) this.clearable.add(path);
    }
  }

  /** The state of every field and column; `branches` are those that hold. */
  derive(branches: RuleEffect[]): Map<string, FieldState> {
    const listed = (name: EffectName) => {
      const all = new Set<string>();
      for (const b of branches) for (const path of b[name] ?? []) all.add(path);
      return all;
    };
    const [show, hide, require, optional, lock, unlock] = (
      ['show', 'hide', 'require', 'optional', 'lock', 'unlock'] as const
    ).map(listed) as [Set<string>, Set<string>, Set<string>, Set<string>, Set<string>, Set<string>];
    const out = new Map<string, FieldState>();
    const lockedTables = new Set<string>();
    for (const [path, f] of fieldPaths(this.form)) {
      const [key, col] = split(path);
      const table = col === undefined ? undefined : out.get(key);
      const visible =
        (this.shown.has(path) ? show.has(path) : !f.hidden) &&
        !hide.has(path) &&
        !this.access.hidden(path) &&
        table?.visible !== false;
      // A subtable's lock is its columns' too; the right to write is each column's own.
      const locked = lock.has(path) || (!!f.readonly && !unlock.has(path));
      if (locked && col === undefined) lockedTables.add(key);
      const readonly = locked || lockedTables.has(key) || this.computed.has(path) || !this.access.writable(path);
      const wanted = require.has(path) || this.access.required(path) || (!!f.required && !optional.has(path));
      out.set(path, { visible, readonly, required: wanted && visible && !readonly });
    }
    return out;
  }

  /** Whether a field loses its value now, because a rule hides it. */
  clears(path: string, state: FieldState | undefined): boolean {
    return state?.visible === false && this.clearable.has(path) && !this.access.hidden(path);
  }
}

/** The branch of a rule that holds; undefined when that branch is absent. */
export const branchOf = (rule: Rule, holds: boolean): RuleEffect | undefined => (holds ? rule.then : rule.else);
