import { IConstruct } from 'constructs';

/** What a component of the topology is. */
export enum ComponentKind {
  /** The public internet. */
  INTERNET = 'internet',
  /** A load balancer. */
  LOAD_BALANCER = 'load-balancer',
  /** A long-running ECS service. */
  SERVICE = 'service',
  /** A Redis or Valkey store. */
  REDIS = 'redis',
  /** A relational database. */
  DATABASE = 'database',
  /** An AWS API reached through the SDK: a bucket, a queue, a secret. */
  AWS_API = 'aws-api',
  /** A host outside the app. */
  EXTERNAL = 'external',
}

/** One box of the picture. */
export interface TopologyComponent {
  /** Construct path, or a name for something outside the app; unique. */
  readonly id: string;
  /** What it is. */
  readonly kind: ComponentKind;
  /** Short name for people. */
  readonly label: string;
  /**
   * Lines of detail, such as `Fargate, 2-4 tasks`.
   *
   * @default - none
   */
  readonly details?: string[];
  /**
   * Whether it is reachable from outside the network.
   *
   * @default false
   */
  readonly publicFacing?: boolean;
}

/** One arrow of the picture: who calls whom, and how. */
export interface TopologyConnection {
  /** Id of the calling component. */
  readonly client: string;
  /** Id of the called component. */
  readonly server: string;
  /** How it is called, such as `http` or `redis`. */
  readonly protocol: string;
  /**
   * DNS name that the client uses; may be a token before synthesis.
   *
   * @default - none is shown
   */
  readonly dnsName?: string;
  /**
   * Port that the client uses.
   *
   * @default - none is shown
   */
  readonly port?: number;
}

const RECORD = Symbol.for('cdk-ecs-mesh.topologyRecord');

/**
 * The components and connections that the constructs of one app declared, in order of declaration.
 *
 * The picture, the reachability proof and the docs are made from this record.
 */
export class TopologyRecord {
  /**
   * The record of the app that `scope` belongs to.
   *
   * @param scope any construct of the app
   */
  public static of(scope: IConstruct): TopologyRecord {
    const root = scope.node.root as IConstruct & { [RECORD]?: TopologyRecord };
    if (!root[RECORD]) Object.defineProperty(root, RECORD, { value: new TopologyRecord() });
    return root[RECORD]!;
  }

  private readonly _components = new Map<string, TopologyComponent>();
  private readonly _connections: TopologyConnection[] = [];
  private readonly calls = new Map<string, TopologyConnection[]>();

  private constructor() {}

  /** The components, in order of declaration; a copy. */
  public get components(): TopologyComponent[] {
    return [...this._components.values()];
  }

  /** The connections, in order of declaration; a copy. */
  public get connections(): TopologyConnection[] {
    return [...this._connections];
  }

  /**
   * Add a component; the last word on an id wins.
   *
   * @param component the component
   */
  public addComponent(component: TopologyComponent): void {
    this._components.set(component.id, component);
  }

  /**
   * Add a connection; one that is there already is not added again.
   *
   * @param connection the connection
   */
  public addConnection(connection: TopologyConnection): void {
    const { client, server, port, dnsName } = connection;
    const made = this.callsOf(client);
    if (made.some((c) => c.server === server && c.port === port && c.dnsName === dnsName)) return;
    this.calls.set(client, [...made, connection]);
    this._connections.push(connection);
  }

  /**
   * A way of calls from one component to another, both included; empty where there is none.
   *
   * @param from id of the first caller
   * @param to id of the last server
   */
  public pathBetween(from: string, to: string): string[] {
    const seen = new Set<string>();
    const walk = (id: string): string[] => {
      if (id === to) return [id];
      seen.add(id);
      for (const { server } of this.callsOf(id)) {
        const rest = seen.has(server) ? [] : walk(server);
        if (rest.length > 0) return [id, ...rest];
      }
      return [];
    };
    return walk(from);
  }

  private callsOf(client: string): TopologyConnection[] {
    return this.calls.get(client) ?? [];
  }
}
