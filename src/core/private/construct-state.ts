import { IConstruct } from 'constructs';

/** Known to all copies of the library in one app, so that they share what they know of a construct. */
const STATES = Symbol.for('cdk-ecs-mesh.state');

/**
 * What the library knows of a construct that is not in its class: marks, records, registries. It lives and ends with the construct, so two
 * apps in one process share nothing.
 */
export class ConstructState<T> {
  /**
   * @param name unique in the library
   * @param create the first state of a construct
   */
  public constructor(
    private readonly name: string,
    private readonly create: (construct: IConstruct) => T,
  ) {}

  /** The state of a construct; made if it has none yet. */
  public of(construct: IConstruct): T {
    const states = statesOf(construct);
    if (!states.has(this.name)) states.set(this.name, this.create(construct));
    return states.get(this.name) as T;
  }

  /** The state of a construct, if it has one. */
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
