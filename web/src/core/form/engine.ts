import type { Computed, Json, RuleEffect, Tree } from '../api/types';
import { namesOf } from '../formula/eval';
import { isBlank, type Value } from '../formula/value';
import type { Access } from './access';
import type { Cell, FieldState } from './cell';
import { asksServer, fieldPaths, type Model, readsUnknown, split } from './model';
import { Memo, type Source } from './source';
import { branchOf, States } from './states';
import type { TableRow } from './table';
import { fromValue, sameValue } from './values';

const maxPasses = 10;

/** A field whose value only the server can compute, and its wish to be asked. */
export interface RemoteStep {
  path: string;
  /** Fresh while nothing it may depend on has changed since the server answered. */
  memo: Memo<void>;
  /** It stands only until the user has given the field a value. */
  isDefault?: boolean;
}

interface Default {
  path: string;
  tree?: Tree;
  value?: Json;
  /** Only the server knows it. */
  remote: boolean;
}

/**
 * Computes defaults, computed fields, rules and states of one record, as
 * docs/rules.md says. Nothing here touches a signal: what changed is published
 * by the form when a run ends.
 */
export class Engine {
  states = new Map<string, FieldState>();
  unstable = false;
  /** How many formulas have run; tests hold it against what changed. */
  evaluations = 0;
  readonly remote: RemoteStep[] = [];
  /** Rules whose condition only the server knows, and what it said. */
  remoteStates: Record<string, FieldState> = {};
  readonly touched = new Set<Cell>();
  private runs = 0;
  private readonly deriver: States;
  private readonly conditions: Memo<boolean | undefined>[];
  private readonly defaults: Default[];
  /** A final state keeps what volatile formulas gave. */
  private readonly frozen: boolean;
  private readonly steps: Computed[];
  private passChanges = new Map<Cell, Json | undefined>();
  private serverRules = false;
  /** Paths that are empty because a rule hides them. */
  private cleared = '';

  constructor(
    readonly model: Model,
    access: Access,
  ) {
    this.deriver = new States(model.form, model.computed, access);
    this.conditions = (model.form.rules ?? []).map(() => new Memo<boolean | undefined>());
    this.defaults = defaultsOf(model);
    this.steps = knownSteps(model);
    for (const s of this.steps) if (s.tree === null || s.server) this.remote.push({ path: s.field, memo: new Memo() });
    for (const d of this.defaults) if (d.remote) this.remote.push({ path: d.path, memo: new Memo(), isDefault: true });
    const state = model.record?.case?.state ?? '';
    this.frozen = /^(approved|rejected|withdrawn|terminated)$/.test(state);
  }

  /** Brings everything up to date after a change. */
  run(): void {
    this.runs++;
    this.states = new Map();
    this.cleared = '';
    this.computeAll();
    this.unstable = true;
    for (let pass = 0; pass < maxPasses; pass++) {
      this.passChanges = new Map();
      this.states = this.deriver.derive(this.applyRules());
      if (this.serverRules) this.takeRemoteStates();
      const sameCleared = this.clearHidden();
      if (sameCleared && !this.changedInPass()) {
        this.unstable = false;
        break;
      }
      this.computeAll();
    }
  }

  /** Sets a value from outside a formula. */
  write(cell: Cell, json: Json | undefined): boolean {
    const before = cell.raw;
    if (!cell.write(json)) return false;
    this.touched.add(cell);
    if (!this.passChanges.has(cell)) this.passChanges.set(cell, before);
    return true;
  }

  /** Server steps that must be asked for. */
  stale(): RemoteStep[] {
    return this.remote.filter((s) => !s.memo.fresh() && (!s.isDefault || this.takesDefault(s.path)));
  }

  /** Whether some cell of a path still stands for its default. */
  takesDefault(path: string): boolean {
    return this.model
      .at(path)
      .some(({ cell, row }) => !cell.touched && !cell.ruled && (row ? row.isNew : this.model.isNew));
  }

  /** Marks a server step as answered for the values as they are now. */
  settle(step: RemoteStep, all: Source): void {
    step.memo.settle(this.sourcesOf(step.path, all));
  }

  /** What an answer may depend on: the names of its formula, or anything when only the server knows it. */
  private sourcesOf(path: string, all: Source): Source[] {
    const tree = this.steps.find((s) => s.field === path)?.tree;
    if (!tree) return [all];
    const [key, col] = split(path);
    const out: Source[] = [];
    for (const name of namesOf(tree)) {
      if (name === 'form') out.push(all);
      if (col !== undefined) for (const { cell } of this.model.at(`${key}.${name}`)) out.push(cell);
      const cell = this.model.cells[name];
      const table = this.model.tables[name];
      if (cell) out.push(cell);
      // Any cell of the table may be read.
      if (table) out.push(table, all);
    }
    const own = this.model.tables[key];
    if (own) out.push(own);
    return out;
  }

  private computeAll(): void {
    // Defaults and computed fields may read each other in any order; what is up to date costs nothing.
    for (let round = 0; round <= this.defaults.length + 1; round++) {
      let changed = false;
      for (const d of this.defaults) if (this.applyDefault(d)) changed = true;
      for (const s of this.steps) if (this.compute(s)) changed = true;
      if (!changed || this.defaults.length === 0) return;
    }
  }

  private applyDefault(d: Default): boolean {
    if (d.remote) return false;
    let changed = false;
    for (const { cell, row } of this.model.at(d.path)) {
      if (cell.touched || cell.ruled || cell.clearedIn === this.runs || !(row ? row.isNew : this.model.isNew)) continue;
      const json = d.tree === undefined ? d.value : cell.initial.get(() => this.result(cell, d.tree as Tree, row));
      if (this.write(cell, json)) changed = true;
    }
    return changed;
  }

  private compute(s: Computed): boolean {
    let changed = false;
    const clear = this.deriver.clears(s.field, this.states.get(s.field));
    for (const { cell, row } of this.model.at(s.field)) {
      if (clear) {
        if (this.write(cell, undefined)) changed = true;
        continue;
      }
      if (s.tree === null || s.server || (this.frozen && s.volatile)) continue;
      const json = cell.formula.get(() => this.result(cell, s.tree, row));
      // "1.50" as saved and 1.5 as computed are one value.
      if (!sameValue(cell.field, cell.raw, json) && this.write(cell, json)) changed = true;
    }
    return changed;
  }

  /** A formula's result for a cell; one that cannot run here leaves what stands. */
  private result(cell: Cell, tree: Tree, row?: TableRow): Json | undefined {
    this.evaluations++;
    try {
      return fromValue(cell.field, this.model.run(tree, row), this.model.context.zone);
    } catch (e) {
      return asksServer(e) ? cell.raw : undefined;
    }
  }

  /** Decides all rules in order and assigns what they set; gives the branches that hold. */
  private applyRules(): RuleEffect[] {
    const out: RuleEffect[] = [];
    this.serverRules = false;
    (this.model.form.rules ?? []).forEach((rule, i) => {
      const holds = (this.conditions[i] as Memo<boolean | undefined>).get(() => this.condition(rule.when));
      if (holds === undefined) {
        this.serverRules = true;
        return;
      }
      const branch = branchOf(rule, holds);
      if (!branch) return;
      out.push(branch);
      (branch.set ?? []).forEach((s, k) => {
        this.assign(s.field, s.tree, i * 1000 + k * 2 + Number(holds));
      });
    });
    return out;
  }

  private condition(tree: Tree): boolean | undefined {
    if (readsUnknown(this.model, tree)) return undefined;
    this.evaluations++;
    try {
      const v: Value = this.model.run(tree);
      return !isBlank(v) && v === true;
    } catch (e) {
      return asksServer(e) ? undefined : false;
    }
  }

  private assign(path: string, tree: Tree, id: number): void {
    if (this.frozen && isVolatile(tree)) return;
    for (const { cell, row } of this.model.at(path)) {
      const memo = cell.assigned.get(id) ?? new Memo<Json | undefined>();
      cell.assigned.set(id, memo);
      const json = memo.get(() => this.result(cell, tree, row));
      cell.ruled = true;
      this.write(cell, json);
    }
  }

  /** Empties what rules hide; false when other fields than in the last pass are to be empty. */
  private clearHidden(): boolean {
    const before = this.cleared;
    this.cleared = '';
    for (const path of this.deriver.clearable) {
      if (!this.deriver.clears(path, this.states.get(path))) continue;
      this.cleared += `${path} `;
      for (const { cell } of this.model.at(path)) {
        cell.clearedIn = this.runs;
        this.write(cell, undefined);
      }
    }
    return this.cleared === before;
  }

  private changedInPass(): boolean {
    for (const [cell, before] of this.passChanges) if (JSON.stringify(cell.raw) !== JSON.stringify(before)) return true;
    return false;
  }

  /** Where a condition is the server's, its word on the fields that rule names stands. */
  private takeRemoteStates(): void {
    (this.model.form.rules ?? []).forEach((rule, i) => {
      if (this.conditions[i]?.get(() => this.condition(rule.when)) !== undefined) return;
      for (const branch of [rule.then, rule.else]) {
        for (const path of namedIn(branch)) {
          const said = this.remoteStates[path];
          if (said) this.states.set(path, said);
        }
      }
    });
  }
}

function namedIn(b: RuleEffect | undefined): string[] {
  if (!b) return [];
  const lists = [b.show, b.hide, b.require, b.optional, b.lock, b.unlock];
  return lists.reduce<string[]>((all, l) => all.concat(l ?? []), []);
}

/**
 * The steps that can be computed. One that reads what the person may not see is
 * the server's for a new record; of a saved one it keeps its value till the save.
 */
function knownSteps(model: Model): Computed[] {
  const out: Computed[] = [];
  for (const s of stepsOf(model)) {
    if (!readsUnknown(model, s.tree, s.field)) out.push(s);
    else if (model.isNew) out.push({ ...s, tree: null });
  }
  return out;
}

/** The computed fields in the server's order; an old server names them only at the fields. */
function stepsOf(model: Model): Computed[] {
  if (model.form.computed) return model.form.computed;
  const out: Computed[] = [];
  for (const [field, f] of fieldPaths(model.form)) {
    if (f.formulaTree !== undefined) out.push({ field, tree: f.formulaTree, server: f.server });
  }
  return out;
}

function defaultsOf(model: Model): Default[] {
  const out: Default[] = [];
  for (const [path, f] of fieldPaths(model.form)) {
    if (model.computed.has(path) || f.type === 'subtable') continue;
    if (f.defaultTree !== undefined) {
      const remote = f.defaultTree === null || !!f.server;
      if (model.isNew || path.includes('.')) out.push({ path, tree: f.defaultTree, remote });
    } else if (f.default !== undefined && f.default !== null) out.push({ path, value: f.default, remote: false });
  }
  return out;
}

/** Whether a formula depends on more than the values. */
function isVolatile(tree: Tree): boolean {
  return /\["call","(NOW|SYSTIME|TODAY|RAND|RANDBETWEEN|UUID|LOOKUP|ROLLUP|MAPX)"|\["user",/.test(JSON.stringify(tree));
}
