export interface Lap {
  readonly what: string;
  readonly ms: number;
}

/** Where the time of a start goes, in the order in which its parts ended. */
export class Stopwatch {
  public readonly laps: Lap[] = [];
  private readonly started = Date.now();

  public async time<T>(what: string, work: () => Promise<T>): Promise<T> {
    const from = Date.now();
    try {
      return await work();
    } finally {
      this.laps.push({ what, ms: Date.now() - from });
    }
  }

  public get totalMs(): number {
    return Date.now() - this.started;
  }
}
