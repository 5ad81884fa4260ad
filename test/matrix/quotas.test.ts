import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { QUOTAS } from '../../src/core/private/quotas';
import { WEB, newMesh, newService, newStack, templateOf } from '../helpers';

/** A stack with a container that has these variables. */
function withVariables(environment: Record<string, string>): Stack {
  const stack = newStack();
  newService(newMesh(stack), 'Web', { containers: [{ ...WEB, environment }] });
  return stack;
}

/** A server that services of other stacks call. */
function withClients(count: number): Stack {
  const app = new App();
  const stack = newStack('Shop', app);
  const mesh = newMesh(stack);
  const port = newService(mesh, 'Web').port('http');
  for (let i = 0; i < count; i++) newService(mesh, `Client${i}`, {}, newStack(`S${i}`, app)).connectTo(port);
  return stack;
}

const variables = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`V${i}`, 'x']));
const warnings = (stack: Stack, id: string) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp(`cdk-ecs-mesh:${id}\\]`))
    .map(({ entry }) => String(entry.data));

describe('T38, PR-50: bytes of a task definition', () => {
  test('64,000 in a variable are accepted', () =>
    expect(() => templateOf(withVariables({ BIG: 'x'.repeat(64_000) }))).not.toThrow());
  test('more than 64 KiB are refused', () =>
    expect(() => templateOf(withVariables({ BIG: 'x'.repeat(65_537) }))).toThrow(
      /`containers` must make a task definition of at most 65536 bytes, got "\d+ bytes, without what only a deployment knows"; move large values to Parameter Store, Secrets Manager or a file in a bucket, and read them there \[TaskDefinitionSize\]/,
    ));
});

describe('T38, PR-49: variables of a container', () => {
  test('a hundred are no finding', () => expect(warnings(withVariables(variables(100)), 'VariableCount')).toEqual([]));
  test('more are a warning', () =>
    expect(warnings(withVariables(variables(101)), 'VariableCount')).toEqual([
      'Container web has 101 environment variables. More than 100 have been reported to arrive as an empty list ' +
        '(https://github.com/aws/aws-cdk/issues/38225). Connect fewer servers, or read settings from Parameter Store. ' +
        '[ack: cdk-ecs-mesh:VariableCount]',
    ]));
});

describe('T38, PR-51: rules of a security group, over all stacks', () => {
  test('60 are no finding', () => expect(warnings(withClients(60), 'SecurityGroupRules')).toEqual([]));
  test('61 are a warning', () =>
    expect(warnings(withClients(61), 'SecurityGroupRules')).toEqual([
      'Shop/Web/SecurityGroup/Resource has 61 inbound rules; a security group has at most 60 in each direction unless the quota was ' +
        'raised (https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html). Raise it before you deploy, or let clients ' +
        'call a route of the internal load balancer. [ack: cdk-ecs-mesh:SecurityGroupRules]',
    ]));
});

test.each(Object.entries(QUOTAS))('docs/scale.md has %s with its source', (_, { limit, source }) => {
  const page = readFileSync(join(__dirname, '../../docs/scale.md'), 'utf8').split('\n');
  expect(page.filter((line) => line.startsWith(`| ${limit.toLocaleString('en-US')} `) && line.includes(source))).toHaveLength(1);
});
