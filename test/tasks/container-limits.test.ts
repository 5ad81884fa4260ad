import { Duration } from 'aws-cdk-lib';
import { ContainerImage, Secret } from 'aws-cdk-lib/aws-ecs';
import { Secret as StoredSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ContainerOptions, ServiceConnect, WritablePath } from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, WEB } from '../helpers';

const stack = newStack('Elsewhere');
const secret = Secret.fromSecretsManager(StoredSecret.fromSecretNameV2(stack, 'Secret', 'given'));
const check = { command: ['CMD', 'true'] };

function create(container: Partial<ContainerOptions>) {
  return newService(newMesh(), 'Api', { containers: [{ ...WEB, ...container }] });
}

const seconds = Duration.seconds;
const range = (prop: string, min: number, max: number, got: string) =>
  `\`containers[0].healthCheck.${prop}\` must be a whole number from ${min} to ${max}, got ${got}; choose a value in that range [ContainerHealthCheck at Shop/Api]`;

test.each<[Partial<ContainerOptions>, string]>([
  [
    { name: 'a b' },
    '`containers[0].name` must be 1 to 255 letters, digits, hyphens and underscores, got "a b"; name the container after its purpose, such as "worker" [BadContainerName at Shop/Api]',
  ],
  [
    { environment: { ['__proto__']: '1' } },
    '`containers[0].environment` must have names of letters, digits, underscores, dots and hyphens, starting with a letter or underscore, got "__proto__"; write it like "LOG_LEVEL" [BadVariableName at Shop/Api]',
  ],
  [
    { secrets: { '': secret } },
    '`containers[0].secrets` must have names of letters, digits, underscores, dots and hyphens, starting with a letter or underscore, got ""; write it like "LOG_LEVEL" [BadVariableName at Shop/Api]',
  ],
  [
    { environment: { A: '1' }, secrets: { A: secret } },
    '`containers[0].secrets` must have other names than `environment`, because ECS supports each name once, got "A"; leave one of the two out [VariableTaken at Shop/Api]',
  ],
  [
    { process: { user: 'a b' } },
    '`containers[0].process.user` must be a user, or user:group, as names or numbers, got "a b"; write it like "1000:1000" [BadContainerUser at Shop/Api]',
  ],
  [
    { storage: { writablePaths: [WritablePath.tmpfs('/a/../b')] } },
    '`containers[0].storage.writablePaths[0]` must be an absolute path below the root, not of the kernel (/proc, /sys, /dev), each once, and none below another, got "/a/../b"; write it like "/var/cache/app" [BadWritablePath at Shop/Api]',
  ],
  [
    { healthCheck: { command: [] } },
    '`containers[0].healthCheck.command` must have words, none of them empty, got []; write it like ["CMD-SHELL", "curl -f http://localhost/ || exit 1"] [ContainerHealthCheck at Shop/Api]',
  ],
  [{ healthCheck: { ...check, interval: seconds(4) } }, range('interval', 5, 300, '4')],
  [{ healthCheck: { ...check, timeout: seconds(61) } }, range('timeout', 2, 60, '61')],
  [{ healthCheck: { ...check, retries: 1.5 } }, range('retries', 1, 10, '1.5')],
  [{ healthCheck: { ...check, retries: -0 } }, range('retries', 1, 10, '-0')],
  [
    { healthCheck: { ...check, interval: seconds(5) } },
    '`containers[0].healthCheck.timeout` must be below the interval of 5 seconds, got "5 seconds"; set both, with room between them [ContainerHealthCheck at Shop/Api]',
  ],
  [
    { ports: [{ ...WEB.ports[0], discoveryName: 'A' }] },
    '`containers[0].ports[0].discoveryName` must be 1 to 64 lowercase letters, digits, hyphens and underscores, got "A"; write it like "api" [BadDiscoveryName at Shop/Api]',
  ],
  [
    { ports: [{ ...WEB.ports[0], dnsName: 'http://api' }] },
    '`containers[0].ports[0].dnsName` must be 1 to 127 letters, digits, dots, hyphens and underscores, got "http://api"; write it like "api", without scheme and port [BadDnsName at Shop/Api]',
  ],
])('refused: %j', (container, message) => {
  expect(() => create(container)).toThrow(message);
});

test.each<Partial<ContainerOptions>>([
  { name: 'x'.repeat(255) },
  { environment: { 'spring.datasource.url': 'jdbc', _A: '' } },
  { process: { user: 'app:1000' } },
  { storage: { writablePaths: [WritablePath.tmpfs('/var/cache/app'), WritablePath.volume('/tmp/')] } },
  { healthCheck: { ...check, interval: seconds(300), timeout: seconds(60), retries: 10, startPeriod: seconds(300) } },
  { healthCheck: { ...check, interval: seconds(5), timeout: seconds(2), retries: 1, startPeriod: seconds(0) } },
  { image: ContainerImage.fromRegistry('my/web'), ports: [{ ...WEB.ports[0], dnsName: 'a.b-c_d' }] },
])('accepted: %j', (container) => {
  expect(() => create(container)).not.toThrow();
});

test('timeouts of Service Connect are whole seconds', () => {
  const serviceConnect = ServiceConnect.clientAndServer({ idleTimeout: Duration.millis(1500) });
  expect(() => newService(newMesh(), 'Api', { networking: { serviceConnect } })).toThrow(
    '`networking.serviceConnect.idleTimeout` must be whole seconds from 0 to 2147483647, got "1.5 seconds"; choose a duration in that range [ServiceConnectTimeout at Shop/Api]',
  );
});
