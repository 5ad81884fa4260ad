import { Resource } from '../assembly/stack-template';
import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';
import { jsonOf, SecretValues } from '../secrets/secret-values';

/** A PostgreSQL database of the template. */
export interface PostgresPlan {
  readonly resource: Resource;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly version: string;
  readonly multiAz: boolean;
  /** Whether it refuses clients without TLS. */
  readonly forcesTls: boolean;
}

const FORCED_FROM = 15;

/** Every `AWS::RDS::DBInstance` that speaks PostgreSQL. Replicas and clusters are not emulated. */
export function readPostgres(resolver: Resolver, secrets: SecretValues): PostgresPlan[] {
  return resolver
    .resources('AWS::RDS::DBInstance')
    .map((resource) => ({ resource, props: resolver.read(resource) }))
    .filter(({ props }) => props.get('Engine').string('') === 'postgres')
    .map(({ resource, props }) => {
      const given = (property: string) => dynamicReference(props.get(property).string(), secrets, `${resource.key}.${property}`);
      return {
        resource,
        port: props.get('Port').number(5432),
        database: props.get('DBName').string('postgres'),
        user: given('MasterUsername'),
        password: props.get('ManageMasterUserPassword').boolean(false)
          ? managedPassword(resolver, secrets, resource)
          : given('MasterUserPassword'),
        version: props.get('EngineVersion').string(''),
        multiAz: props.get('MultiAZ').boolean(false),
        forcesTls: forcesTls(resolver, props),
      };
    });
}

/**
 * `rds.force_ssl` of its parameter group, which is on from PostgreSQL 15 on.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
 */
function forcesTls(resolver: Resolver, props: Reader): boolean {
  const name = props.get('DBParameterGroupName').optional();
  const group = resolver
    .resources('AWS::RDS::DBParameterGroup')
    .find(({ stack, logicalId, key }) => name !== undefined && resolver.evaluate(stack, { Ref: logicalId }, key) === name);
  const given = group && resolver.read(group).get('Parameters').get('rds.force_ssl').optional();
  if (given !== undefined) return given === '1';
  const major = parseInt(props.get('EngineVersion').string(''), 10);
  return !(major < FORCED_FROM);
}

function managedPassword(resolver: Resolver, secrets: SecretValues, { stack, logicalId, key }: Resource): string {
  const arn = resolver.evaluate(stack, { 'Fn::GetAtt': [logicalId, 'MasterUserSecret.SecretArn'] }, key) as string;
  return secrets.valueFrom(`${arn}:password::`, `${key}.MasterUserSecret`);
}

/** CloudFormation's `{{resolve:secretsmanager:<arn>:SecretString:<key>:...}}`; anything else is the value itself. */
export function dynamicReference(text: string, secrets: SecretValues, where: string): string {
  const [, id, key] = /^\{\{resolve:secretsmanager:(.+):SecretString:([^:}]*)(?::[^:}]*)*\}\}$/.exec(text) ?? [];
  if (id === undefined) return text;
  const secret = secrets.find(id);
  if (!secret) throw new Error(`${where}: the template has no secret ${id}`);
  const value = key ? jsonOf(secret)?.[key] : secret.value;
  if (value === undefined) throw new Error(`${where}: secret ${secret.name} has no JSON key ${JSON.stringify(key)}`);
  return String(value);
}
