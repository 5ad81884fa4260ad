import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogs } from './access-logs';
import { ExternalSide } from './external-side';
import { InternalSide } from './internal-side';
import { IMeshNetwork } from '../core/mesh-network';

/** Properties for a gateway. At least one side is given. */
export interface DualAlbGatewayProps {
  /** Network of the load balancers: a mesh, or `MeshNetwork.fromVpc(vpc)`. */
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
   * Destination of the access logs of both sides. Needs a stack with a known Region.
   *
   * @default AccessLogs.managedBucket()
   */
  readonly accessLogs?: AccessLogs;

  /**
   * Time without data after which either side closes a connection, 1 to 4000 seconds. The targets' own keep-alive must be longer, or
   * clients see 502 (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html).
   *
   * @default Duration.seconds(60)
   */
  readonly idleTimeout?: Duration;

  /**
   * Policy for the load balancers and the log bucket when the stack goes. DESTROY is the development mode: no deletion protection, and the
   * log bucket is emptied and deleted with the stack. Any other policy protects the load balancers from deletion and keeps logs when the
   * stack is updated or deleted. A first deployment that fails cannot be rolled back past this protection: run it with
   * `cdk deploy --no-rollback`.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
