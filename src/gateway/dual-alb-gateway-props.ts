import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogs } from './access-logs';
import { ExternalSide } from './external-side';
import { InternalSide } from './internal-side';
import { IMeshNetwork } from '../core/mesh-network';

/** Properties for a gateway. Specify at least one side. */
export interface DualAlbGatewayProps {
  /** The network of the load balancers: a mesh, or `MeshNetwork.fromVpc(vpc)`. */
  readonly network: IMeshNetwork;

  /**
   * The side for the internet.
   *
   * @default - the gateway has no external load balancer
   */
  readonly external?: ExternalSide;

  /**
   * The side for services in the network.
   *
   * @default - the gateway has no internal load balancer
   */
  readonly internal?: InternalSide;

  /**
   * The destination of the access logs of both sides. It requires a stack with a known Region.
   *
   * @default AccessLogs.managedBucket()
   */
  readonly accessLogs?: AccessLogs;

  /**
   * The time without data after which either side closes a connection, 1 to 4,000 seconds. The keep-alive of the targets must be longer;
   * otherwise, clients receive 502 errors
   * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html).
   *
   * @default Duration.seconds(60)
   */
  readonly idleTimeout?: Duration;

  /**
   * The policy for the load balancers and the log bucket when the stack is deleted. With DESTROY, for development, there is no deletion
   * protection, and the log bucket is emptied and deleted with the stack. Any other policy protects the load balancers from deletion and
   * retains logs when the stack is updated or deleted. A first deployment that fails cannot be rolled back past this protection: run it
   * with `cdk deploy --no-rollback`.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
