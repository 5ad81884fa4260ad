import { Construct, IConstruct } from 'constructs';
import { ConstructState } from './construct-state';
import { validationError } from './errors';
import { IEndpoint } from '../endpoint';
import { IRoutable } from '../routable';

/** The names of a service's ports, for messages to those who forgot to choose one. */
export const portNames = new ConstructState<string[]>('portNames', () => []);

/** The attributes by which constructs of the AWS CDK are told apart, and the endpoint of each. */
const WRAPPERS: Record<string, string> = {
  bucketArn: 'wrap it in `Endpoint.bucket(...)`',
  secretArn: 'wrap it in `Endpoint.secret(...)`',
  parameterArn: 'wrap it in `Endpoint.parameter(...)`',
};

const PAGE = 'https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/services.md';

/** Rejects what is no endpoint, which only code without types can pass: a service instead of one of its ports, or a construct of the AWS CDK. */
export function requireEndpoint(client: IConstruct, endpoint: IEndpoint): void {
  if (has(endpoint, 'bindEndpoint')) return;
  const worker = has(endpoint, 'queueEndpoint') ? 'connect to its `.queueEndpoint`' : undefined;
  const wrapper = Object.keys(WRAPPERS).find((attribute) => has(endpoint, attribute));
  throw validationError(client, 'NotAnEndpoint', {
    prop: 'connectTo',
    must: 'be given an endpoint: a store, a port of a service, a route, or another object with `bindEndpoint`',
    got: textOf(endpoint),
    fix: portOf(endpoint, 'connect to') ?? worker ?? (wrapper ? WRAPPERS[wrapper] : `see ${PAGE} for every kind of endpoint`),
  });
}

/** Rejects what is no target of a route, which only code without types can pass. */
export function requireRoutable(route: IConstruct, target: IRoutable): void {
  if (has(target, 'bindRoute')) return;
  throw validationError(route, 'NotARouteTarget', {
    prop: 'target',
    must: 'be a port of a service, or another object with `bindRoute`',
    got: textOf(target),
    fix: portOf(target, 'route to') ?? 'use `service.port(name)`',
  });
}

function portOf(value: unknown, verb: string): string | undefined {
  const names = Construct.isConstruct(value) ? (portNames.find(value) ?? []) : [];
  return names.length > 0 ? `${verb} one of its ports: ${names.map((name) => `\`.port('${name}')\``).join(', ')}` : undefined;
}

function has(value: unknown, member: string): boolean {
  return typeof value === 'object' && value !== null && member in value;
}

function textOf(value: unknown): unknown {
  // bundled classes of the AWS CDK have a number behind their names
  return Construct.isConstruct(value) ? `${value.constructor.name.replace(/\d+$/, '')} ${value.node.path}` : (value ?? 'nothing');
}
