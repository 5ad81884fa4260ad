import { IConstruct } from 'constructs';

/** The same for all copies of the library in one app, so that they share the state of a construct. */
const STATES = Symbol.for('cdk-ecs-mesh.state');

/**
 * State of a construct that is not in its class: marks, records, registries. It exists as long as the construct, so two apps in one process
 * share nothing.
 */
export class ConstructState<T> {
  /**
   * @param name name of the state, unique in the library
   * @param create creates the first state of a construct
   */
  constructor(
    private readonly name: string,
    private readonly create: (construct: IConstruct) => T,
  ) {}

  /** Returns the state of a construct; it is created if there is none yet. */
  public of(construct: IConstruct): T {
    const states = statesOf(construct);
    if (!states.has(this.name)) states.set(this.name, this.create(construct));
    return states.get(this.name) as T;
  }

  /** Returns the state of a construct, if it has one. */
  public find(construct: IConstruct): T | undefined {
    return (construct as Holder)[STATES]?.get(this.name) as T | undefined;
  }

  /** Gives a construct another state. */
  public set(construct: IConstruct, state: T): void {
    statesOf(construct).set(this.name, state);
  }
}

interface Holder extends IConstruct {
  [STATES]?: Map<string, unknown>;
}

function statesOf(construct: Holder): Map<string, unknown> {
  if (!construct[STATES]) Object.defineProperty(construct, STATES, { value: new Map<string, unknown>() });
  return construct[STATES]!;
}
