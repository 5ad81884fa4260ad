import { IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-ecs';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct, IDependable } from 'constructs';
import { AfterRotation } from './after-rotation';
import { TopologyComponent } from './topology-record';

/** The client of a connection, as an endpoint sees it. */
export interface IEndpointClient extends IConstruct, IConnectable {
  /** The task role of the client. */
  readonly taskRole: IRole;

  /** The name of the client in the mesh, such as `api`. */
  readonly discoveryName: string;

  /** Indicates whether the client's tasks run a Service Connect proxy. Mesh aliases do not resolve without it. */
  readonly usesServiceConnect: boolean;
}

/** Options for a connection. */
export interface ConnectOptions {
  /**
   * The prefix of the injected variables, in upper case: `CACHE` gives `CACHE_HOST`, `CACHE_PORT` and so on.
   *
   * @default - the endpoint's own prefix: `REDIS` for a store, the name of the service or route otherwise
   */
  readonly as?: string;

  /**
   * The names of the containers that receive the variables and secrets.
   *
   * @default - all of the client's `containers`
   */
  readonly containers?: string[];

  /**
   * The names of the sidecars that also receive the variables and secrets, such as a proxy that signs in for the app.
   *
   * @default - none
   */
  readonly sidecars?: string[];

  /**
   * The way in which the client gets the new value of a secret that is rotated, such as the password of a database. It has no effect on
   * connections without such a secret, and on jobs, whose next run reads the new value.
   *
   * @default AfterRotation.REDEPLOY
   */
  readonly afterRotation?: AfterRotation;
}

/** A network path that a connection needs. */
export interface EndpointReach {
  /** The server: a construct with security groups, or a peer such as `Peer.ipv4('192.0.2.0/24')`. */
  readonly server: IConnectable;

  /** The port or ports, as seen from the server's security group. */
  readonly port: Port;
}

/** The facts about a connection that diagrams, the reachability proof and generated docs show. */
export interface EndpointFacts {
  /** The path of the construct that is called, or a name such as `example.com` for a host outside the app. */
  readonly server: string;

  /** The application protocol, such as `http`, `redis` or `https`. */
  readonly protocol: string;

  /**
   * The DNS name that the client uses.
   *
   * @default - the address is an AWS API, reached through the SDK
   */
  readonly dnsName?: string;

  /**
   * The TCP port that the client uses.
   *
   * @default - the address is an AWS API, reached through the SDK
   */
  readonly port?: number;
}

/** A named port of a service, as a client refers to it. */
export interface CalledPort {
  /** The service, such as a MeshService. */
  readonly service: IConstruct;

  /** The name of the port, from `containers[].ports[].name`. */
  readonly name: string;
}

/** A cdk-nag finding that is inherent in a connection, with the reason to acknowledge it. */
export interface EndpointAcknowledgement {
  /** The ID of the finding, such as `AwsSolutions-IAM5[Resource::<Uploads.Arn>/*]`. */
  readonly id: string;

  /** The reason that is shown with the finding. */
  readonly reason: string;
}

/** The data that a client needs to call an endpoint. It is plain data that the client applies. */
export interface EndpointBinding {
  /** The facts that are recorded about the connection. */
  readonly facts: EndpointFacts;

  /**
   * The environment variables for the client's containers, with their full names.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * The secrets for the client's containers, with their full names. The execution role is granted read access to each.
   *
   * @default - none
   */
  readonly secrets?: { [name: string]: Secret };

  /**
   * The secrets among them whose values are rotated while tasks run. A service that received them when its tasks started is redeployed
   * after each rotation, unless the connection says `AfterRotation.READ_AGAIN`.
   *
   * @default - none
   */
  readonly rotatedSecrets?: ISecret[];

  /**
   * The network paths to open. Both security group rules are declared on the client's side.
   *
   * @default - none
   */
  readonly reaches?: EndpointReach[];

  /**
   * The statements for the client's task role.
   *
   * @default - none
   */
  readonly policyStatements?: PolicyStatement[];

  /**
   * The resources that must exist before the client's ECS service. Specify the resource itself, not a construct with many children.
   *
   * @default - none
   */
  readonly dependencies?: IDependable[];

  /**
   * The port that is called by its Service Connect alias. The alias resolves only in tasks with a proxy, and the service publishes it
   * because of this connection.
   *
   * @default - none: the address resolves without a proxy
   */
  readonly calledPort?: CalledPort;

  /**
   * The topology components that no construct of this library represents, such as a bucket or an external host. The client records them.
   *
   * @default - none: the construct that is called has recorded itself
   */
  readonly components?: TopologyComponent[];

  /**
   * The cdk-nag findings that `policyStatements` cause on the client's task role and that are inherent.
   *
   * @default - none
   */
  readonly acknowledgements?: EndpointAcknowledgement[];
}

/**
 * A server that services can call: a Redis store, a port of another service, a gateway route, a database, a bucket, an external host.
 *
 * Implement this interface to connect services to a new kind of server. `bindEndpoint` returns plain data and has no side effects: it
 * creates no construct, record or acknowledgement. The client that connects applies the data, and can call it any number of times.
 */
export interface IEndpoint {
  /**
   * Describes what `client` needs to call this endpoint.
   *
   * @param client client of the connection
   * @param options options of the connection; use `as` as the prefix of every variable
   */
  bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding;
}
