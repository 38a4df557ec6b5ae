import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import type { Evaluation, RecordData, RowData } from '../api/types';
import type { Engine } from './engine';
import { split } from './model';
import { RemoteQueue } from './remote';
import type { Source } from './source';
import { normalize } from './values';

/** The call to the server: POST …/evaluate. */
export type Evaluate = (data: RecordData, fields: string[]) => Promise<Evaluation>;

/** Keeps the fields that only the server can compute up to date, in batches that never block typing. */
export class ServerFields {
  /** Why the server could not compute; undefined when it could. */
  readonly error: ReadonlySignal<unknown> = signal<unknown>(undefined);
  private readonly queue: RemoteQueue;

  constructor(
    private readonly engine: Engine,
    private readonly evaluate: Evaluate,
    private readonly data: () => RecordData,
    private readonly anything: Source,
    private readonly update: () => void,
    pause: number,
  ) {
    this.queue = new RemoteQueue(() => this.ask(), pause);
    // A saved record's values are the server's own.
    if (!engine.model.isNew) for (const s of engine.remote) engine.settle(s, anything);
  }

  /** To be called after each run: asks for what is out of date. */
  follow(): void {
    const stale = this.engine.stale();
    for (const s of stale) this.busy(s.path, true);
    if (stale.length) this.queue.need();
  }

  settle(): Promise<void> {
    return this.queue.settle();
  }

  stop(): void {
    this.queue.stop();
  }

  private async ask(): Promise<void> {
    const steps = this.engine.stale();
    if (!steps.length) return;
    // Known from here on; what changes while the server thinks is asked again.
    for (const s of steps) this.engine.settle(s, this.anything);
    const error = this.error as Signal<unknown>;
    try {
      const answer = await this.evaluate(
        this.data(),
        steps.map((s) => s.path),
      );
      batch(() => {
        error.value = undefined;
        this.engine.remoteStates = answer.states ?? {};
        for (const s of steps) {
          this.take(s.path, !!s.isDefault, answer.data);
          this.busy(s.path, false);
        }
        this.update();
      });
    } catch (e) {
      error.value = e;
      for (const s of steps) this.busy(s.path, false);
    }
  }

  private busy(path: string, on: boolean): void {
    for (const { cell } of this.engine.model.at(path)) cell.setBusy(on);
  }

  /** Takes one field of an answer, rows by their ids or else by position. */
  private take(path: string, isDefault: boolean, data: RecordData): void {
    const [key, col] = split(path);
    const rows = (data[key] ?? []) as unknown as RowData[];
    this.engine.model.at(path).forEach(({ cell, row }, i) => {
      if (isDefault && (cell.touched || cell.ruled)) return;
      const found = row ? (rows.find((r) => r.id === row.id) ?? rows[i])?.[col as string] : data[key];
      this.engine.write(cell, normalize(found));
    });
  }
}
