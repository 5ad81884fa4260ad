import { validationError } from '../../core/private/errors';
import { Statement, STATEMENTS } from '../../core/private/sharing';
import { AppTemplates, Resource, Template } from '../../template/private/app-templates';
import { listOf, objectOf } from '../../template/private/json';

const SSM_VALUE = 'AWS::SSM::Parameter::Value';

/** Throws if apps that are read together contradict each other. */
export function requireAgreement(app: AppTemplates): void {
  const found = [...app.templates.flatMap((template) => [...wrongStatements(template), ...missing(template)]), ...clashes(app)];
  if (found.length === 0) return;
  throw validationError(undefined, 'AppsDisagree', {
    prop: 'directories',
    must: 'be of apps that agree about what they share',
    fix: `correct the app that is wrong, and synthesize it again:\n${found.map((line) => `  ${line}`).join('\n')}`,
  });
}

/** Returns what a consumer states about a parameter, and its owner does not. */
function wrongStatements(template: Template): string[] {
  const statements = listOf(template.section('Metadata')[STATEMENTS]) as Statement[];
  return statements.flatMap(({ parameter, value, by }) => {
    const stored = template.app.parameters.find(parameter, template.source.region);
    if (!stored) return [];
    const owner = stored.scope;
    const actual = typeof value === 'number' ? elements(owner, stored.raw) : owner.value(stored.raw).text;
    if (actual === undefined || actual === value) return [];
    return [`${by} states ${JSON.stringify(value)} for ${parameter}, and ${owner.path} shares ${JSON.stringify(actual)}`];
  });
}

/** Returns the number of elements of a list; undefined if it is not known. */
function elements(owner: Template, raw: unknown): number | undefined {
  const [, parts] = listOf(objectOf(raw)['Fn::Join']);
  return Array.isArray(parts) ? parts.length : owner.value(raw).text?.split(',').length;
}

/** Returns the parameters that an app reads below a prefix that another one shares, and that do not exist. */
function missing(template: Template): string[] {
  const { app } = template;
  const prefixes = new Set(app.parameters.names.map(prefixOf));
  return Object.values(template.section('Parameters')).flatMap((raw) => {
    const { Type, Default } = objectOf(raw);
    const name = `${Default as string}`;
    if (!`${Type as string}`.startsWith(SSM_VALUE) || !prefixes.has(prefixOf(name)) || app.parameters.find(name)) return [];
    return [`${template.path} reads ${name}, which nobody shares`];
  });
}

function prefixOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}

/** Returns the priorities that two rules of a listener have, and the names that two services of a namespace have. */
function clashes(app: AppTemplates): string[] {
  const owners = new Map<string, Resource>();
  return [...priorities(app), ...names(app)].flatMap(({ name, owner }) => {
    const other = owners.get(name);
    if (!other) owners.set(name, owner);
    return other ? [`${other.name} and ${owner.name} both have ${name}`] : [];
  });
}

interface Claim {
  readonly name: string;
  readonly owner: Resource;
}

function priorities(app: AppTemplates): Claim[] {
  return app.all('AWS::ElasticLoadBalancingV2::ListenerRule').flatMap((owner) => {
    const listener = placeOf(owner, 'ListenerArn');
    const { number } = owner.at('Priority');
    return listener === undefined || number === undefined ? [] : [{ owner, name: `priority ${number} on ${listener}` }];
  });
}

function names(app: AppTemplates): Claim[] {
  return app.all('AWS::ECS::Service').flatMap((owner) => {
    const namespace = placeOf(owner, 'ServiceConnectConfiguration', 'Namespace');
    const offered = owner.at('ServiceConnectConfiguration', 'Services').items.map((one) => one.at('DiscoveryName').text);
    return offered.flatMap((name) =>
      namespace === undefined || name === undefined ? [] : [{ owner, name: `the discovery name ${name} in ${namespace}` }],
    );
  });
}

/** Returns the resource or the text that a property is, for people. */
function placeOf(owner: Resource, ...property: string[]): string | undefined {
  const value = owner.at(...property);
  return value.resource?.name ?? value.text;
}
