import { IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-ecs';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IConstruct, IDependable } from 'constructs';

/** The caller's side of a connection, as an endpoint sees it. */
export interface IEndpointClient extends IConstruct, IConnectable {
  /** Role that the client's own code runs with. */
  readonly taskRole: IRole;

  /** Name of the client in the mesh, such as `api`. */
  readonly discoveryName: string;

  /** Whether the client's tasks carry a Service Connect proxy, without which mesh aliases do not resolve. */
  readonly usesServiceConnect: boolean;
}

/** Choices of one connection. */
export interface ConnectOptions {
  /**
   * Prefix of the injected variables, in capitals: `CACHE` gives `CACHE_HOST`, `CACHE_PORT` ...
   *
   * @default - the endpoint's own prefix: `REDIS` for a store, the name of the service or route otherwise
   */
  readonly as?: string;

  /**
   * Names of the containers that get the variables and secrets.
   *
   * @default - every container of the task
   */
  readonly containers?: string[];
}

/** One network path that a connection needs. */
export interface EndpointReach {
  /** Who is called: a construct with security groups, or a peer such as `Peer.ipv4('192.0.2.0/24')`. */
  readonly server: IConnectable;

  /** The port or ports, seen from the server's security group. */
  readonly port: Port;
}

/** What the picture, the reachability proof and the docs say about a connection. */
export interface EndpointFacts {
  /** Path of the construct that is called, or a name such as `example.com` for something outside the app. */
  readonly server: string;

  /** How it is called, such as `http`, `redis` or `https`. */
  readonly protocol: string;

  /**
   * DNS name that the client uses.
   *
   * @default - the address is an AWS API, reached through the SDK
   */
  readonly dnsName?: string;

  /**
   * TCP port that the client uses.
   *
   * @default - the address is an AWS API, reached through the SDK
   */
  readonly port?: number;
}

/** Everything that a client needs in order to call an endpoint: plain data, applied by the client. */
export interface EndpointBinding {
  /** What was connected, for the record. */
  readonly facts: EndpointFacts;

  /**
   * Variables for the client's containers, with their full names.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * Secrets for the client's containers, with their full names. The execution role is granted read on each.
   *
   * @default - none
   */
  readonly secrets?: { [name: string]: Secret };

  /**
   * Network paths to open. Both security-group rules are declared on the client's side.
   *
   * @default - none
   */
  readonly reaches?: EndpointReach[];

  /**
   * Statements for the client's task role.
   *
   * @default - none
   */
  readonly policyStatements?: PolicyStatement[];

  /**
   * Resources that must exist before the client's ECS service. Name the resource itself, not a construct with many children.
   *
   * @default - none
   */
  readonly dependencies?: IDependable[];

  /**
   * Whether the name only resolves through the client's Service Connect proxy.
   *
   * @default false
   */
  readonly throughServiceConnect?: boolean;
}

/**
 * Anything that a service can call: a Redis store, a port of another service, a gateway route, a database, a bucket, an external host.
 *
 * Implement it to teach the mesh a new kind of server; `bindEndpoint` returns plain data and creates nothing in the client's scope.
 */
export interface IEndpoint {
  /**
   * Describe what `client` needs in order to call this endpoint.
   *
   * @param client the caller
   * @param options the caller's choices; honour `as` as the prefix of every variable
   */
  bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding;
}
