import { RemovalPolicy } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { MeshNetwork } from '../mesh/mesh-network';
import { RedisBackend } from '../redis/redis-backend';

/** What the tasks of the reference app run on. */
export enum GeolocationCompute {
  /** Two EC2 container hosts, bridge network with dynamic ports: the published architecture. */
  EC2 = 'ec2',
  /** Fargate: no hosts to look after. */
  FARGATE = 'fargate',
}

/** Choices of the reference app; it works without any. */
export interface GeolocationReferenceAppProps {
  /**
   * What the tasks run on.
   *
   * @default GeolocationCompute.EC2
   */
  readonly compute?: GeolocationCompute;

  /**
   * Redis store of the API.
   *
   * @default RedisBackend.ec2Host() - the published architecture; it does not survive the loss of its zone, `elastiCache()` does
   */
  readonly redis?: RedisBackend;

  /**
   * Public hosted zone for the page's name.
   *
   * @default - no record; the page is at the load balancer's own name
   */
  readonly publicZone?: IHostedZone;

  /**
   * Name of the page in `publicZone`.
   *
   * @default 'frontend'
   */
  readonly recordName?: string;

  /**
   * Certificate of the page's name.
   *
   * @default - with `publicZone` a certificate that the zone validates; without one the page is served over plain HTTP, with a warning
   */
  readonly certificate?: ICertificate;

  /**
   * Domain of the private hosted zone: `api.<domain>` is the internal load balancer, `redis.<domain>` the store on a host.
   *
   * @default 'geolocation.internal'
   */
  readonly privateDomain?: string;

  /**
   * Name of the internal load balancer in AWS, such as `ipgeolocation-srv-discovery`; a named one cannot be replaced by an update.
   *
   * @default - CloudFormation makes one
   */
  readonly internalName?: string;

  /**
   * Network.
   *
   * @default MeshNetwork.threeTier()
   */
  readonly network?: MeshNetwork;

  /**
   * JSON secret with the API key of the upstream provider, read at run time. Its answers are cached in Redis.
   *
   * @default - the API answers from the data that it ships with
   */
  readonly upstreamSecret?: ISecret;

  /**
   * Field of `upstreamSecret` that holds the key.
   *
   * @default 'apiKey'
   */
  readonly upstreamSecretField?: string;

  /**
   * What happens to data and deletion protection when the stack goes; `DESTROY` is the development mode.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
