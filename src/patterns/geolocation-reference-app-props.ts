import { RemovalPolicy } from 'aws-cdk-lib';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { GeolocationPage } from './geolocation-page';
import { MeshNetwork } from '../mesh/mesh-network';

/** The compute of the reference app. */
export enum GeolocationCompute {
  /** Two EC2 container hosts, bridge network with dynamic ports: the published architecture. */
  EC2 = 'ec2',
  /** Fargate, without hosts to manage. */
  FARGATE = 'fargate',
}

/** The Redis store of the reference app. */
export enum GeolocationRedis {
  /** One EC2 host, as in the published architecture; it does not survive the loss of its Availability Zone. */
  EC2_HOST = 'ec2-host',
  /** ElastiCache in two Availability Zones. */
  ELASTICACHE = 'elasticache',
}

/** The upstream provider of the reference app. */
export interface GeolocationUpstream {
  /** The JSON secret with the API key, which is read at run time. */
  readonly secret: ISecret;

  /**
   * The field of the secret that contains the key.
   *
   * @default 'apiKey'
   */
  readonly secretField?: string;
}

/** Properties for the reference app, all of which are optional. */
export interface GeolocationReferenceAppProps {
  /**
   * The compute of the tasks.
   *
   * @default GeolocationCompute.EC2
   */
  readonly compute?: GeolocationCompute;

  /**
   * The Redis store of the API.
   *
   * @default GeolocationRedis.EC2_HOST
   */
  readonly redis?: GeolocationRedis;

  /**
   * The public address of the page.
   *
   * @default - plain HTTP at the load balancer's own name, with a warning
   */
  readonly page?: GeolocationPage;

  /**
   * The domain of the private hosted zone: `api.<domain>` is the internal load balancer, `redis.<domain>` the store on a host.
   *
   * @default 'geolocation.internal'
   */
  readonly privateDomain?: string;

  /**
   * The name of the internal load balancer, such as `ipgeolocation-srv-discovery`. An update cannot replace a load balancer with a fixed
   * name.
   *
   * @default - CloudFormation makes one
   */
  readonly internalName?: string;

  /**
   * The network.
   *
   * @default MeshNetwork.threeTier()
   */
  readonly network?: MeshNetwork;

  /**
   * The upstream provider that the API gets its answers from. They are cached in Redis.
   *
   * @default - the API answers from the data that it ships with
   */
  readonly upstream?: GeolocationUpstream;

  /**
   * The policy for data and deletion protection when the stack is deleted. `DESTROY` is for development.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
