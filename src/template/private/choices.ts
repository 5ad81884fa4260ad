/** One state of what only a deployment decides, and what follows from it. */
export interface World<T> {
  /** The choices that were made, by what they are about. */
  readonly chosen: ReadonlyMap<string, unknown>;
  readonly result: T;
}

interface Open {
  readonly about: string;
  readonly options: readonly unknown[];
}

/** More states than these are not looked at: whoever asks then has an unknown value. */
const LIMIT = 64;

/**
 * What only a deployment decides: conditions, and parameters with a list of values. A calculation asks for a choice as if it were made;
 * `worlds` repeats it for each answer. So a condition that is asked for twice has one answer in each world.
 */
export class Choices {
  private chosen: ReadonlyMap<string, unknown> = new Map();
  private open?: Open;

  /** Whether nothing is chosen: what is calculated now holds in every world. */
  public get isFree(): boolean {
    return this.chosen.size === 0;
  }

  /** The answer in this world. */
  public make<T>(about: string, options: readonly T[]): T {
    if (this.chosen.has(about)) return this.chosen.get(about) as T;
    this.open ??= { about, options };
    return options[0];
  }

  /** The results of a calculation in every world that makes a difference; undefined if there are too many. */
  public worlds<T>(calculate: () => T): World<T>[] | undefined {
    const [before, outer] = [this.chosen, this.open];
    const found: World<T>[] = [];
    let first: Open | undefined;
    const visit = (chosen: ReadonlyMap<string, unknown>): boolean => {
      this.chosen = chosen;
      this.open = undefined;
      const result = calculate();
      const open = this.open as Open | undefined;
      first ??= open;
      if (open) return open.options.every((option) => visit(new Map(chosen).set(open.about, option)));
      return found.push({ chosen, result }) <= LIMIT;
    };
    try {
      return visit(before) ? found : undefined;
    } finally {
      this.chosen = before;
      // A calculation around this one has the same choice to make.
      this.open = outer ?? first;
    }
  }
}
