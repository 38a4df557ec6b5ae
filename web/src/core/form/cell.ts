import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import type { Field, FieldFault, Json } from '../api/types';
import type { Value } from '../formula/value';
import { Memo, Source } from './source';
import { sameJson, toValue } from './values';

/** How a field or column stands after the rules. */
export interface FieldState {
  visible: boolean;
  required: boolean;
  readonly: boolean;
}

/** The value of one field, or of one column in one row. */
export class Cell extends Source {
  /** What the engine works with; `value` follows at the end of a computation. */
  raw: Json | undefined;
  /** As loaded; what a save compares with. */
  base: Json | undefined;
  /** The user, or a fill, has given it its value. */
  touched = false;
  /** A rule has set it. */
  ruled = false;
  /** The run in which a rule's hiding cleared it. */
  clearedIn = 0;
  readonly formula = new Memo<Json | undefined>();
  readonly initial = new Memo<Json | undefined>();
  readonly assigned = new Map<number, Memo<Json | undefined>>();

  /** The wire value; undefined = unset. */
  readonly value: ReadonlySignal<Json | undefined>;
  readonly errors: ReadonlySignal<FieldFault[]>;
  /** The server is computing it. */
  readonly busy: ReadonlySignal<boolean>;

  private known: Value = null;
  private knownAt = -1;

  constructor(
    readonly field: Field,
    raw: Json | undefined,
  ) {
    super();
    this.raw = raw;
    this.base = raw;
    this.value = signal(raw);
    this.errors = signal<FieldFault[]>([]);
    this.busy = signal(false);
  }

  /** The value as formulas see it. */
  get(): Value {
    this.read();
    if (this.knownAt !== this.changed) {
      this.known = toValue(this.field, this.raw);
      this.knownAt = this.changed;
    }
    return this.known;
  }

  /** Changes the raw value; false when it is the same. */
  write(json: Json | undefined): boolean {
    if (sameJson(this.raw, json)) return false;
    this.raw = json;
    this.bump();
    return true;
  }

  /** Brings the signal up to date. */
  publish(): void {
    const s = this.value as Signal<Json | undefined>;
    if (!sameJson(s.peek(), this.raw)) s.value = this.raw;
  }

  setErrors(faults: FieldFault[]): void {
    const s = this.errors as Signal<FieldFault[]>;
    if (s.peek().length || faults.length) s.value = faults;
  }

  setBusy(busy: boolean): void {
    (this.busy as Signal<boolean>).value = busy;
  }
}
