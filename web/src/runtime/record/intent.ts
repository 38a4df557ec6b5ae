import { newId } from '../../core/api';

/**
 * The idempotency key of what the user is about to do: the same while the same
 * thing is tried again, a new one once it is something else.
 */
export class Intent {
  private key = '';
  private of = '';

  /** The key for a body; equal bodies have equal keys until done() is called. */
  keyFor(body: unknown): string {
    const text = JSON.stringify(body);
    if (!this.key || text !== this.of) {
      this.key = newId();
      this.of = text;
    }
    return this.key;
  }

  /** It has happened: the same body again is a new intention. */
  done() {
    this.key = '';
    this.of = '';
  }
}
