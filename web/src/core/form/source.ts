/**
 * Dependency tracking of the form. Every value is a Source with the moment of
 * its last change; a Memo remembers what its formula read, so that it runs
 * again only when one of those changed.
 */

let clock = 0;
let reading: Set<Source> | undefined;

/** Something formulas read. */
export class Source {
  /** When it last changed. */
  changed = 0;

  /** To be called by whoever reads it in a formula. */
  read(): void {
    reading?.add(this);
  }

  /** To be called after a change. */
  bump(): void {
    this.changed = ++clock;
  }
}

/** The remembered result of a formula. */
export class Memo<T> {
  private deps: Source[] | undefined;
  private at = 0;
  private result: T | undefined;

  /** Whether nothing it read has changed since. */
  fresh(): boolean {
    if (!this.deps) return false;
    for (const d of this.deps) if (d.changed > this.at) return false;
    return true;
  }

  /** The result, computed again only when needed. */
  get(compute: () => T): T {
    if (this.fresh()) return this.result as T;
    const outer = reading;
    const mine = new Set<Source>();
    reading = mine;
    try {
      this.result = compute();
    } finally {
      reading = outer;
    }
    this.deps = Array.from(mine);
    this.at = clock;
    return this.result;
  }

  /** Takes the present values as known without computing: the result came from elsewhere. */
  settle(deps: Source[]): void {
    this.deps = deps;
    this.at = clock;
  }
}
