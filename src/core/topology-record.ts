import { IConstruct } from 'constructs';
import { ConstructState } from './private/construct-state';
import { guard } from './private/guard';

/** The kind of a component in the topology. */
export enum ComponentKind {
  /** The public internet. */
  INTERNET = 'internet',
  /** A distribution of Amazon CloudFront. */
  DISTRIBUTION = 'distribution',
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

/** A component in the topology. */
export interface TopologyComponent {
  /** The construct path, or a unique name for a component outside the app. */
  readonly id: string;
  /** The kind of the component. */
  readonly kind: ComponentKind;
  /** A short display name. */
  readonly label: string;
  /**
   * Lines of details, such as `Fargate, 2-4 tasks`.
   *
   * @default - none
   */
  readonly details?: string[];
  /**
   * Specifies whether the component is reachable from outside the network.
   *
   * @default false
   */
  readonly publicFacing?: boolean;
}

/** A connection in the topology: the client, the server and the protocol. */
export interface TopologyConnection {
  /** The ID of the client component. */
  readonly client: string;
  /** The ID of the server component. */
  readonly server: string;
  /** The application protocol, such as `http` or `redis`. */
  readonly protocol: string;
  /**
   * The DNS name that the client uses. It can be a token before synthesis.
   *
   * @default - none is shown
   */
  readonly dnsName?: string;
  /**
   * The port that the client uses.
   *
   * @default - none is shown
   */
  readonly port?: number;
}

/**
 * The components and connections that the constructs of an app declared, in order of declaration.
 *
 * Diagrams, the reachability proof and generated docs read this record.
 */
export class TopologyRecord {
  /**
   * Returns the record of the app that contains `scope`.
   *
   * @param scope any construct of the app
   */
  public static of(scope: IConstruct): TopologyRecord {
    return TopologyRecord.state.of(scope.node.root);
  }

  private static readonly state = new ConstructState('topology', () => new TopologyRecord());

  private readonly _components = new Map<string, TopologyComponent>();
  private readonly _connections: TopologyConnection[] = [];
  private readonly calls = new Map<string, TopologyConnection[]>();

  private readonly shares = new Map<string, string>();

  private constructor() {}

  /** The IDs of the components that other apps use, by the prefix under which they are shared. @internal */
  public get _shared(): { [prefix: string]: string } {
    return Object.fromEntries(this.shares);
  }

  /** @internal */
  public _share(prefix: string, component: string): void {
    this.shares.set(prefix, component);
  }

  /** @internal */
  public _remove(component: string): void {
    this._components.delete(component);
  }

  /** A copy of the components, in order of declaration. */
  public get components(): TopologyComponent[] {
    return [...this._components.values()];
  }

  /** A copy of the connections, in order of declaration. */
  public get connections(): TopologyConnection[] {
    return [...this._connections];
  }

  /**
   * Adds a component. It replaces a component with the same ID.
   *
   * @param component the component
   */
  public addComponent(component: TopologyComponent): void {
    this._components.set(component.id, component);
  }

  /**
   * Adds a connection. A duplicate is ignored.
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
   * Returns a path of calls from one component to another, both included; empty if there is none.
   *
   * @param from ID of the first client
   * @param to ID of the last server
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

guard({ TopologyRecord });
