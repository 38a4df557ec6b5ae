import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import type { FieldFault } from '../api/types';
import type { Cell } from './cell';
import type { Engine } from './engine';
import { finding } from './validate';
import { checkCell, collect, localised, placeOf, validateAll } from './validation';

/** The errors of a form: the browser's own and the server's, at their places. */
export class Errors {
  /** Errors of no field in particular. */
  readonly form: ReadonlySignal<FieldFault[]>;
  readonly warnings: ReadonlySignal<FieldFault[]>;
  /** All errors with their pointers, in the order of the layout. */
  readonly all: ReadonlySignal<FieldFault[]>;
  private readonly ticks = signal(0);
  private validated = false;

  constructor(
    private readonly engine: Engine,
    order: string[],
    changes: ReadonlySignal<number>,
  ) {
    const form = signal<FieldFault[]>([]);
    this.form = form;
    this.warnings = signal<FieldFault[]>([]);
    this.all = computed(() => {
      this.ticks.value;
      changes.value;
      return collect(engine.model, order, form.value);
    });
  }

  /** Checks everything and shows what is wrong; gives the errors. */
  validate(): FieldFault[] {
    this.validated = true;
    const found = validateAll(this.engine.model, this.engine.states);
    const path = '';
    batch(() => {
      this.clear();
      for (const [cell, said] of found.cells) cell.setErrors(said.map((f) => ({ ...f, path })));
      for (const [table, said] of found.tables) table.setErrors(said.map((f) => ({ ...f, path })));
      this.write(
        this.form,
        found.form.map((f) => ({ ...f, path })),
      );
      const unstable = this.engine.unstable ? [{ ...finding('rules_unstable'), path }] : [];
      this.write(this.warnings, [...unstable, ...found.warnings]);
    });
    return this.all.peek();
  }

  /** Checks one value. An empty one is not wrong before the whole form was checked once. */
  check(cell: Cell, path: string): void {
    if (cell.raw === undefined && !this.validated) return;
    const { model, states } = this.engine;
    const found = checkCell(cell, states.get(path), model.computed.has(path), model.context.zone);
    this.put(cell, found ? [{ ...found, path: '' }] : []);
  }

  /** Shows the server's errors at their places; those without a place become errors of the form. */
  apply(faults: FieldFault[]): void {
    batch(() => {
      const rest: FieldFault[] = [];
      for (const f of faults.map(localised)) {
        const at = placeOf(this.engine.model, f.path);
        const target = at.cell ?? at.row ?? at.table;
        if (target) target.setErrors([...target.errors.peek(), f]);
        else rest.push(f);
      }
      this.write(this.form, [...this.form.peek(), ...rest]);
      this.ticks.value++;
    });
  }

  /** Sets the errors of one place. */
  put(place: { setErrors(f: FieldFault[]): void }, faults: FieldFault[]): void {
    place.setErrors(faults);
    this.ticks.value++;
  }

  /** Takes all errors away. */
  clear(): void {
    const { model } = this.engine;
    batch(() => {
      model.each((cell) => cell.setErrors([]));
      for (const table of Object.values(model.tables)) {
        table.setErrors([]);
        for (const row of table.list) row.setErrors([]);
      }
      this.write(this.form, []);
      this.write(this.warnings, []);
      this.ticks.value++;
    });
  }

  private write(s: ReadonlySignal<FieldFault[]>, value: FieldFault[]): void {
    (s as Signal<FieldFault[]>).value = value;
  }
}
