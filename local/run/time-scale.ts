/** Makes every wait of AWS shorter by one factor, so that the ratios between waits stay as the template has them. */
export class TimeScale {
  /** Waits as long as on AWS. */
  public static readonly REAL = new TimeScale(1);

  /** @param factor seconds of AWS in one second here, at least 1 */
  constructor(public readonly factor: number) {
    if (!(Number.isFinite(factor) && factor >= 1)) {
      throw new Error(`--time-scale must be a number of at least 1 (seconds of AWS in one second here), got ${factor}`);
    }
  }

  /** How long a wait of the template is here. */
  public here(awsMs: number): number {
    return awsMs / this.factor;
  }

  /** A wait as it is told to people: how long here, and what it is on AWS. */
  public describe(awsMs: number): string {
    return `${Number((this.here(awsMs) / 1000).toFixed(1))} s (${awsMs / 1000} s of AWS)`;
  }

  public toString(): string {
    return `1 s here is ${this.factor} s of AWS`;
  }
}
