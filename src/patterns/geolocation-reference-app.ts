import { join } from 'path';
import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { GeolocationCompute, GeolocationRedis, GeolocationReferenceAppProps } from './geolocation-reference-app-props';
import { RedisBackedEcsService } from './redis-backed-ecs-service';
import { acceptProps } from '../core/private/guard';
import { IRedisStore } from '../core/redis-store';
import { Endpoint } from '../data/endpoint';
import { DualAlbGateway } from '../gateway/dual-alb-gateway';
import { ExternalSide } from '../gateway/external-side';
import { GatewayRoute } from '../gateway/gateway-route';
import { InternalSide } from '../gateway/internal-side';
import { SideCertificate } from '../gateway/side-certificate';
import { ServiceConnectMesh } from '../mesh/service-connect-mesh';
import { Ec2HostRedis } from '../redis/ec2-host-redis';
import { ElastiCacheRedis } from '../redis/elasticache-redis';
import { MeshService } from '../service/mesh-service';
import { MeshServiceProps } from '../service/mesh-service-props';
import { ServiceConnect } from '../service/service-connect';
import { Compute } from '../tasks/compute';
import { ContainerOptions } from '../tasks/container-options';

/** Everything is called by DNS name: a Service Connect proxy would take the 256 CPU units that a task has. */
const NO_PROXY = { serviceConnect: ServiceConnect.none() };

/** The folders that ship in the package: bundled code, data and Dockerfile of each service. */
const IMAGES = join(__dirname, '..', '..', 'assets', 'geolocation');

/**
 * The geolocation reference app: public users, HTTPS load balancer, frontend tasks, internal load balancer (`api.<domain>`), API
 * tasks, Redis (`redis.<domain>`).
 *
 * Creates a ServiceConnectMesh with a private hosted zone, two to four EC2 container hosts (or Fargate), a Redis store, the API and
 * the frontend with two to four tasks each, a DualAlbGateway with WAF and access logs, the records, and outputs with the URLs.
 *
 * Cost: about 182 USD a month in us-east-1 with the defaults (list prices, November 2026: two NAT gateways 73, two container hosts 39,
 * Redis host 20, two load balancers with addresses 40, WAF 9), traffic and log volume apart;
 * https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/costs.md has every item.
 *
 * @example
 * new GeolocationReferenceApp(this, 'Geolocation', { compute: GeolocationCompute.FARGATE, redis: GeolocationRedis.ELASTICACHE });
 */
export class GeolocationReferenceApp extends Construct {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.patterns.GeolocationReferenceApp';

  /** The network, cluster and namespace. */
  public readonly mesh: ServiceConnectMesh;

  /** The store of the API. */
  public readonly redis: IRedisStore;

  /** The external and internal load balancers. */
  public readonly gateway: DualAlbGateway;

  /** The service that answers lookups. */
  public readonly api: RedisBackedEcsService;

  /** The service that renders the page. */
  public readonly frontend: MeshService;

  /** The URL of the page. */
  public readonly url: string;

  constructor(scope: Construct, id: string, props: GeolocationReferenceAppProps = {}) {
    props = acceptProps({ GeolocationReferenceApp }, new.target, scope, id, props);
    super(scope, id);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.mesh = new ServiceConnectMesh(this, 'Mesh', {
      network: props.network,
      privateDomain: props.privateDomain ?? 'geolocation.internal',
      removalPolicy,
    });
    const Store = props.redis === GeolocationRedis.ELASTICACHE ? ElastiCacheRedis : Ec2HostRedis;
    this.redis = new Store(this, 'Redis', { mesh: this.mesh });
    this.gateway = this.createGateway(props, removalPolicy);
    const capacity = this.capacity(props.compute ?? GeolocationCompute.EC2);
    this.api = this.createApi(props, capacity);
    const apiRoute = this.gateway.internal.route('Api', {
      target: this.api.port('http'),
      recordName: 'api',
      healthCheck: { path: '/healthz' },
    });
    this.frontend = this.createFrontend(apiRoute, capacity);
    const page = this.gateway.external.route('Frontend', {
      target: this.frontend.port('http'),
      recordName: props.page?._recordName,
      healthCheck: { path: '/healthz' },
    });
    this.url = page.url;
    new CfnOutput(this, 'Url', { value: this.url, description: 'The page' });
    new CfnOutput(this, 'ApiUrl', { value: apiRoute.url, description: 'The lookup API, inside the network' });
    new CfnOutput(this, 'RedisHost', { value: this.redis.host, description: 'The Redis store, inside the network' });
  }

  private createGateway(props: GeolocationReferenceAppProps, removalPolicy: RemovalPolicy): DualAlbGateway {
    const certificate = props.page?._certificate(this);
    const zone = props.page?._zone;
    return new DualAlbGateway(this, 'Gateway', {
      network: this.mesh,
      external: certificate
        ? ExternalSide.https({ certificate: SideCertificate.given(certificate), zone })
        : ExternalSide.http({ zone }),
      internal: InternalSide.http({ zone: this.mesh.privateZone, loadBalancerName: props.internalName }),
      removalPolicy,
    });
  }

  private capacity(compute: GeolocationCompute): Pick<MeshServiceProps, 'compute' | 'taskSize'> {
    if (compute === GeolocationCompute.FARGATE) return { compute: Compute.fargate(), taskSize: { cpu: 256, memoryMiB: 512 } };
    // 384 MiB let a t3.small carry a full deployment of one service beside the other.
    const hosts = this.mesh.addEc2Capacity('Hosts');
    return { compute: Compute.ec2(hosts, { networkMode: NetworkMode.BRIDGE }), taskSize: { cpu: 256, memoryMiB: 384 } };
  }

  private createApi(
    props: GeolocationReferenceAppProps,
    capacity: Pick<MeshServiceProps, 'compute' | 'taskSize'>,
  ): RedisBackedEcsService {
    const { upstream } = props;
    const api = new RedisBackedEcsService(this, 'Api', {
      mesh: this.mesh,
      redis: this.redis,
      ...capacity,
      networking: NO_PROXY,
      containers: [
        container(
          'api',
          upstream
            ? { PROVIDER: 'upstream', API_KEY_FROM_SECRETSMANAGER: 'true' }
            : { PROVIDER: 'embedded', API_KEY_FROM_SECRETSMANAGER: 'false' },
        ),
      ],
    });
    if (upstream) api.connectTo(Endpoint.secret(upstream.secret, { field: upstream.secretField ?? 'apiKey' }));
    return api;
  }

  private createFrontend(apiRoute: GatewayRoute, capacity: Pick<MeshServiceProps, 'compute' | 'taskSize'>): MeshService {
    const frontend = new MeshService(this, 'Frontend', {
      mesh: this.mesh,
      ...capacity,
      networking: NO_PROXY,
      // The external load balancer is the one proxy whose X-Forwarded-For entry can be trusted.
      containers: [container('frontend', { TRUST_PROXY_HOPS: '1' })],
    });
    frontend.connectTo(apiRoute, { as: 'API' });
    return frontend;
  }
}

function container(name: string, environment: { [name: string]: string }): ContainerOptions {
  return {
    image: ContainerImage.fromAsset(join(IMAGES, name), { platform: Platform.LINUX_AMD64 }),
    ports: [{ name: 'http', containerPort: 8080 }],
    environment: { PORT: '8080', ...environment },
    process: { user: '1000' },
    healthCheck: {
      command: ['CMD', 'node', '/app/healthcheck.js'],
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      retries: 3,
      startPeriod: Duration.seconds(10),
    },
  };
}
