/** A state of the decisions that only a deployment makes, and the result of a calculation in it. */
export interface World<T> {
  /** The choices, by the name of the condition or parameter. */
  readonly chosen: ReadonlyMap<string, unknown>;
  readonly result: T;
}

interface Open {
  readonly about: string;
  readonly options: readonly unknown[];
}

/** The maximum number of states. A calculation with more has an unknown result. */
const LIMIT = 64;

/**
 * The decisions that only a deployment makes: conditions, and parameters with a list of values. A calculation reads a choice as if it were
 * made; `worlds` repeats the calculation for each answer, so that a condition that is read twice has one answer in each world.
 */
export class Choices {
  private chosen: ReadonlyMap<string, unknown> = new Map();
  private open?: Open;

  /** Indicates whether no choice has been made, so that the result of a calculation holds in every world. */
  public get isFree(): boolean {
    return this.chosen.size === 0;
  }

  /** Returns the answer in this world. */
  public make<T>(about: string, options: readonly T[]): T {
    if (this.chosen.has(about)) return this.chosen.get(about) as T;
    this.open ??= { about, options };
    return options[0];
  }

  /** Returns a result, and indicates whether it is the same for every combination of choices, because it depends on none. */
  public once<T>(calculate: () => T): { readonly result: T; readonly isFixed: boolean } {
    const outer = this.open;
    this.open = undefined;
    try {
      const result = calculate();
      return { result, isFixed: this.isFree && this.open === undefined };
    } finally {
      this.open = outer ?? this.open;
    }
  }

  /** Returns the results of a calculation for every combination of choices that makes a difference; undefined if there are too many. */
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
