import { generatePassword, jsonOf, SecretValues } from './secret-values';
import { Deployer } from '../deploy/deployer';
import { ServiceScheduler } from '../ecs/scheduler';
import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';
import { PostgresHost } from '../postgres/postgres-host';

export interface RotationParts {
  readonly resolver: Resolver;
  readonly secrets: SecretValues;
  readonly postgres: PostgresHost;
  readonly services: readonly ServiceScheduler[];
  readonly deployer: Deployer;
  readonly say: (line: string) => void;
}

/** The characters that RDS lets a password have, without those that a shell or a URL reads otherwise. */
const PASSWORD = new Reader({ ExcludePunctuation: true, PasswordLength: 28 }, 'password', (value) => value);

/**
 * Rotates the password of a database: in the server, then in the secret, and then as the template says, which redeploys the services that
 * read the secret when they start. Returns the services that were redeployed.
 */
export async function rotate(parts: RotationParts, secretId: string): Promise<readonly ServiceScheduler[]> {
  const secret = parts.secrets.find(secretId);
  const value = secret && jsonOf(secret);
  const server = parts.postgres.servers.find((each) => each.isOf(value?.username, value?.password));
  if (!secret || !server) throw new Error(`${secretId} is not the secret of a PostgreSQL server of this run`);
  const password = generatePassword(PASSWORD);
  server.changePassword(password);
  parts.secrets.replace(secret.arn, JSON.stringify({ ...value, password }));
  const services = followersOf(parts, secret.arn);
  parts.say(`${secret.name} is rotated; redeploys ${services.map(({ plan }) => plan.label).join(', ') || 'nothing'}`);
  await Promise.all(services.map((service) => parts.deployer.redeploy(service)));
  return services;
}

/** The services in the input of the rule that hears of new versions of the secret. */
function followersOf({ resolver, secrets, services }: RotationParts, secretArn: string): ServiceScheduler[] {
  const inputs = resolver
    .resources('AWS::Events::Rule')
    .map((rule) => resolver.read(rule))
    .filter((rule) =>
      rule
        .get('EventPattern')
        .get('source')
        .items()
        .some((source) => source.string() === 'aws.secretsmanager'),
    )
    .flatMap((rule) =>
      rule
        .get('Targets')
        .items()
        .map((target) => target.get('Input').string('{}')),
    );
  const arns = inputs
    .map((input) => JSON.parse(input) as { secret?: string; services?: string[] })
    // The rule of a secret that the app knows by its name has the ARN without its random characters.
    .filter(({ secret }) => secret !== undefined && secrets.find(secret)?.arn === secretArn)
    .flatMap((input) => input.services ?? []);
  const arnOf = ({ plan }: ServiceScheduler) => {
    const resource = resolver.resources('AWS::ECS::Service').find(({ key }) => key === plan.key)!;
    return resolver.evaluate(resource.stack, { Ref: resource.logicalId }, resource.key);
  };
  return services.filter((service) => arns.includes(String(arnOf(service))));
}
