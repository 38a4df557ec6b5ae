/** Asks the server in batches: one question at a time, after a pause in typing. */
export class RemoteQueue {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly ask: () => Promise<void>,
    private readonly pause: number,
  ) {}

  /** There is something to ask; it is asked after the pause. */
  need(): void {
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.go(), this.pause);
  }

  /** Asks at once and waits until nothing is open. */
  async settle(): Promise<void> {
    if (this.timer !== undefined && !this.running) this.go();
    while (this.running) await this.running;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private go(): void {
    this.stop();
    this.running = this.ask().finally(() => {
      this.running = undefined;
      if (this.again) {
        this.again = false;
        this.go();
      }
    });
  }
}
