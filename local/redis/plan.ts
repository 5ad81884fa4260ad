import { keptDirectives, parseUserData } from './user-data';
import { Resource } from '../assembly/stack-template';
import { launchTemplateOf } from '../ec2/launch-template';
import { Resolver } from '../intrinsics/resolver';

export interface RedisCredentials {
  readonly username?: string;
  readonly password: string;
}

/** A Redis server that the template has outside of ECS. */
export interface RedisPlan {
  /** The resource whose address clients know. */
  readonly resource: Resource;
  readonly label: string;
  readonly port: number;
  readonly directives: readonly (readonly [string, string])[];
  /** A secret with the credentials, by ARN, or the token itself. */
  readonly secretArn?: string;
  readonly authToken?: string;
  readonly tls: boolean;
}

export function readRedis(resolver: Resolver): RedisPlan[] {
  return [...onInstances(resolver), ...elastiCache(resolver)];
}

function onInstances(resolver: Resolver): RedisPlan[] {
  const instances = resolver.resources('AWS::EC2::Instance');
  const groups = resolver.resources('AWS::AutoScaling::AutoScalingGroup');
  return [...instances, ...groups].flatMap((resource) => {
    const script = userDataOf(resolver, resource);
    const data = script === undefined ? undefined : parseUserData(script);
    if (!data) return [];
    const directive = (name: string) => data.directives.find(([key]) => key === name)?.[1];
    return [
      {
        resource: endpointOf(resolver, resource),
        label: 'Redis on EC2',
        port: Number(directive('port') ?? 6379),
        directives: keptDirectives(data),
        secretArn: data.secretArn,
        tls: Number(directive('tls-port') ?? 0) > 0,
      },
    ];
  });
}

/** A machine in an auto scaling group is reached through a network interface that it attaches; otherwise by its own address. */
function endpointOf(resolver: Resolver, machine: Resource): Resource {
  if (machine.type === 'AWS::EC2::Instance') {
    const props = resolver.read(machine);
    const attached = props
      .get('NetworkInterfaces')
      .items()
      .map((item) => item.get('NetworkInterfaceId').optional())
      .find((id) => id !== undefined);
    return resolver.resources('AWS::EC2::NetworkInterface').find(({ logicalId }) => logicalId === attached) ?? machine;
  }
  const own = resolver.resources('AWS::EC2::NetworkInterface').filter(({ stack }) => stack.name === machine.stack.name);
  return own.length === 1 ? own[0] : machine;
}

function userDataOf(resolver: Resolver, resource: Resource): string | undefined {
  const props = resolver.read(resource);
  const encoded = props.get('UserData').optional() ?? launchTemplateOf(resolver, resource)?.get('UserData').optional();
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

function elastiCache(resolver: Resolver): RedisPlan[] {
  const groups = resolver.resources('AWS::ElastiCache::ReplicationGroup').map((resource): RedisPlan => {
    const props = resolver.read(resource);
    return {
      resource,
      label: 'ElastiCache',
      port: props.get('Port').number(6379),
      directives: [],
      ...authOf(props.get('AuthToken').optional()),
      tls: props.get('TransitEncryptionEnabled').boolean(false),
    };
  });
  const serverless = resolver
    .resources('AWS::ElastiCache::ServerlessCache')
    .map((resource): RedisPlan => ({ resource, label: 'ElastiCache Serverless', port: 6379, directives: [], tls: true }));
  return [...groups, ...serverless];
}

/** `{{resolve:secretsmanager:<arn>:SecretString:<key>}}` names a secret, anything else is the token. */
function authOf(token: string | undefined): { secretArn?: string; authToken?: string } {
  if (token === undefined) return {};
  const dynamic = /^\{\{resolve:secretsmanager:(arn:[^}]+|[^:}]+):SecretString(?::([^:}]*))?.*\}\}$/.exec(token);
  return dynamic ? { secretArn: dynamic[1] } : { authToken: token };
}
