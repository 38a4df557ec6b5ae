import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import { newId as randomId } from '../api/ids';
import type {
  CompiledForm,
  DataPatch,
  Display,
  Json,
  LayoutItem,
  RecordData,
  RecordView,
  RowData,
  Tree,
} from '../api/types';
import { mergedDisplay } from '../format/display';
import type { FormulaUser } from '../formula/context';
import { toText } from '../formula/value';
import { Access } from './access';
import type { Cell, FieldState } from './cell';
import { Engine } from './engine';
import { Errors } from './errors';
import { fieldPaths, Model, split } from './model';
import { dataOf, isEmptyPatch, patchOf } from './patch';
import { Rows } from './rows';
import { type Evaluate, ServerFields } from './server';
import { Source } from './source';
import type { Table, TableRow } from './table';
import { normalize } from './values';

/** What a form being filled is made from. */
export interface FormOptions {
  form: CompiledForm;
  /** The record being edited; absent = a new one. */
  record?: RecordView;
  /** Values a new record begins with, as if typed. */
  initial?: RecordData;
  user?: FormulaUser;
  /** The tenant's time zone; default the form's. */
  zone?: string;
  now?: () => number;
  /** Computes server-only fields. */
  evaluate?: Evaluate;
  /** Milliseconds without typing before the server is asked; default 300. */
  pause?: number;
  newId?: () => string;
}

const nothing: FieldState = { visible: false, required: false, readonly: true };

/**
 * The state of one record being filled: values, states and errors as signals.
 * Every change runs the rules and formulas it affects and publishes what
 * changed in one batch.
 */
export class FormState {
  readonly form: CompiledForm;
  /** Titles of ids in the values. */
  readonly display: ReadonlySignal<Display>;
  readonly errors: Errors;
  /** Whether the user has changed anything that a save would send. */
  readonly dirty: ReadonlySignal<boolean>;
  /** Fields that only the server can compute; absent when there are none. */
  readonly server: ServerFields | undefined;
  /** Row operations of subtables. */
  readonly rows: Rows;

  /** @internal */ readonly model: Model;
  /** @internal */ readonly access: Access;
  /** @internal */ readonly engine: Engine;
  private readonly stateSignals = new Map<string, Signal<FieldState>>();
  private readonly ticks = signal(0);
  private readonly anything = new Source();

  constructor(options: FormOptions) {
    const { form, record } = options;
    this.form = form;
    const context = {
      now: (options.now ?? Date.now)(),
      zone: options.zone || form.zone || 'UTC',
      user: options.user,
    };
    this.model = new Model(form, record, options.initial, context, options.newId ?? randomId);
    this.access = new Access(this.model);
    this.engine = new Engine(this.model, this.access);
    this.errors = new Errors(this.engine, layoutOrder(form), this.ticks);
    this.display = signal(record?.display ?? {});
    this.dirty = computed(() => {
      this.ticks.value;
      return this.isDirty();
    });
    for (const [path] of fieldPaths(form)) this.stateSignals.set(path, signal(nothing));
    this.rows = new Rows(this);
    if (options.evaluate && this.engine.remote.length) {
      const data = () => dataOf(this.model, this.access, !this.model.isNew);
      const update = () => this.update();
      this.server = new ServerFields(this.engine, options.evaluate, data, this.anything, update, options.pause ?? 300);
    }
    this.update();
  }

  /** The cell of a top-level field; undefined for a subtable or an unknown key. */
  cell(key: string): Cell | undefined {
    return this.model.cells[key];
  }

  /** A subtable by key. */
  table(key: string): Table | undefined {
    return this.model.tables[key];
  }

  /** How a field or column ("lines.qty") stands. An unknown one is hidden. */
  state(path: string): ReadonlySignal<FieldState> {
    return this.stateSignals.get(path) ?? signal(nothing);
  }

  /** Sets a field as the user does; "", null and [] unset it. */
  set(key: string, value: Json | undefined): void {
    const cell = this.model.cells[key];
    if (cell) this.put([[cell, value]]);
  }

  /** Sets a cell of a row as the user does. */
  setCell(table: string, rowId: string, column: string, value: Json | undefined): void {
    const cell = this.model.tables[table]?.find(rowId)?.cells[column];
    if (cell) this.put([[cell, value]]);
  }

  /**
   * Sets a relation together with what it fills. Within a row, the keys of
   * `fill` are columns ("manager" or "lines.manager"). What the person may not
   * write, and computed fields, are left alone.
   */
  fill(place: { key: string; table?: string; row?: string }, value: Json | undefined, fill: RecordData = {}): void {
    const row = place.table && place.row ? this.model.tables[place.table]?.find(place.row) : undefined;
    const own = row ? row.cells[place.key] : this.model.cells[place.key];
    if (!own) return;
    const writes: [Cell, Json | undefined][] = [[own, value]];
    for (const [name, json] of Object.entries(fill)) {
      const [key, col] = split(name);
      const inRow = row && (col === undefined ? row.cells[key] : key === place.table ? row.cells[col] : undefined);
      const cell = inRow || (col === undefined ? this.model.cells[key] : undefined);
      const path = inRow ? `${place.table}.${col ?? key}` : key;
      if (cell && !this.model.computed.has(path) && this.access.writable(path)) writes.push([cell, json]);
    }
    this.put(writes);
  }

  /** Adds titles of ids, e.g. of what was just chosen. */
  learn(more: Display): void {
    const s = this.display as Signal<Display>;
    s.value = mergedDisplay([s.peek(), more]);
  }

  /** The whole record, for creating it or for asking the server about it. */
  data(): RecordData {
    return dataOf(this.model, this.access, false);
  }

  /** What a save of the loaded record sends. */
  patch(): DataPatch {
    return patchOf(this.model, this.access);
  }

  /** Checks one value, e.g. when its control loses the focus. */
  check(key: string, table?: string, rowId?: string): void {
    const cell = table ? this.model.tables[table]?.find(rowId ?? '')?.cells[key] : this.model.cells[key];
    if (cell) this.errors.check(cell, table ? `${table}.${key}` : key);
  }

  /** The record's title as its formula gives it; "" when only the server can tell. */
  title(tree: Tree | undefined = this.form.titleTree): string {
    if (!tree) return '';
    try {
      return toText(this.model.run(tree), this.model.context.zone);
    } catch {
      return '';
    }
  }

  /**
   * What a draft keeps: everything of a new record; of a saved one only what
   * the user changed, so that restoring never takes back what others did since.
   */
  snapshot(): RecordData {
    if (this.model.isNew) return dataOf(this.model, this.access, false);
    const p = this.patch();
    const out: RecordData = { ...p.set };
    for (const key of p.unset ?? []) out[key] = null;
    for (const key of Object.keys(p.rows ?? {})) {
      out[key] = (this.model.tables[key]?.list ?? []).map((r) => r.data(() => true)) as unknown as Json;
    }
    return out;
  }

  /** Takes a snapshot back, as if typed. Fields the form no longer has are left out. */
  restore(data: RecordData): void {
    batch(() => {
      for (const [key, json] of Object.entries(data)) {
        const cell = this.model.cells[key];
        const table = this.model.tables[key];
        if (cell && !this.model.computed.has(key)) this.write(cell, json);
        else if (table) this.rows.restore(key, (Array.isArray(json) ? json : []) as unknown as RowData[]);
      }
      this.update();
    });
  }

  /** Waits until the server has computed everything it was asked. */
  async settle(): Promise<void> {
    await this.server?.settle();
  }

  /** Ends timers; to be called when the form is closed. */
  dispose(): void {
    this.server?.stop();
  }

  /** @internal Writes as the user, then runs everything. */
  put(writes: [Cell, Json | undefined][]): void {
    batch(() => {
      for (const [cell, json] of writes) this.write(cell, json);
      this.update();
    });
  }

  /** @internal */
  write(cell: Cell, json: Json | undefined): void {
    cell.touched = true;
    if (!this.engine.write(cell, normalize(json))) return;
    this.anything.bump();
    this.errors.put(cell, []);
  }

  /** @internal A structural change of a subtable. */
  restructured(table: Table): void {
    this.anything.bump();
    this.errors.put(table, []);
    this.update();
  }

  /** @internal Runs the engine and publishes what changed. */
  update(): void {
    this.engine.run();
    batch(() => {
      for (const cell of this.engine.touched) cell.publish();
      this.engine.touched.clear();
      for (const table of Object.values(this.model.tables)) table.publish();
      for (const [path, state] of this.engine.states) this.publishState(path, state);
      this.ticks.value++;
      this.server?.follow();
    });
  }

  /** @internal What totals and the like follow. */
  get changes(): ReadonlySignal<number> {
    return this.ticks;
  }

  private publishState(path: string, state: FieldState): void {
    const s = this.stateSignals.get(path);
    const old = s?.peek();
    if (!s || !old) return;
    if (old.visible === state.visible && old.required === state.required && old.readonly === state.readonly) return;
    s.value = state;
    // A field that went away takes its error with it.
    if (!state.visible) for (const { cell } of this.model.at(path)) cell.setErrors([]);
  }

  private isDirty(): boolean {
    if (!isEmptyPatch(this.patch())) return true;
    return this.model.isNew && Object.values(this.model.tables).some((table) => table.list.length > 0);
  }
}

/** Field keys in the order of the layout, then those it does not name. */
function layoutOrder(form: CompiledForm): string[] {
  const out = new Set<string>();
  const walk = (items: LayoutItem[]) => {
    for (const i of items) {
      for (const key of i.fields ?? []) out.add(key);
      walk(i.items ?? []);
    }
  };
  walk(form.layout ?? []);
  for (const f of form.fields) out.add(f.key);
  return [...out];
}

/** Makes the state of a record being filled. */
export const createForm = (options: FormOptions): FormState => new FormState(options);

export type { TableRow };
