import { IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-ecs';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IConstruct, IDependable } from 'constructs';
import { TopologyComponent } from './topology-record';

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

/** A named port of a service, as the one who calls it names it. */
export interface CalledPort {
  /** The service, such as a MeshService. */
  readonly service: IConstruct;

  /** Name of the port, from `containers[].ports[].name`. */
  readonly name: string;
}

/** A finding of cdk-nag that is inherent in a connection, with the reason to accept it. */
export interface EndpointAcknowledgement {
  /** Id of the finding, such as `AwsSolutions-IAM5[Resource::<Uploads.Arn>/*]`. */
  readonly id: string;

  /** Reason that is shown with the finding. */
  readonly reason: string;
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
   * Port that is called by its Service Connect alias, which resolves in tasks with a proxy only. The service offers the alias because of it.
   *
   * @default - none: the address resolves without a proxy
   */
  readonly calledPort?: CalledPort;

  /**
   * Components of the topology that no construct of the library stands for, such as a bucket or an external host. The client records them.
   *
   * @default - none: the construct that is called has recorded itself
   */
  readonly components?: TopologyComponent[];

  /**
   * Findings on the client's task role that `policyStatements` raise and that are inherent.
   *
   * @default - none
   */
  readonly acknowledgements?: EndpointAcknowledgement[];
}

/**
 * Anything that a service can call: a Redis store, a port of another service, a gateway route, a database, a bucket, an external host.
 *
 * Implement it to teach the mesh a new kind of server. `bindEndpoint` returns plain data and changes nothing: no construct, no record, no
 * acknowledgement. The client that connects applies the data, and may ask for it any number of times.
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
