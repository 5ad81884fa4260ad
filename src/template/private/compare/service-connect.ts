import { Resource } from '../app-templates';
import { Change, Refusal } from './change';

const DISCOVERY_NAMES = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html';
const ALIASES =
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-serviceconnectclientalias.html';

/**
 * Finds names of Service Connect that a service takes while another one, or the one that it replaces, has them. CloudFormation creates and
 * updates before it deletes, so a removed or replaced service has its names until the end.
 */
export function namesInUse(changes: readonly Change[]): Refusal[] {
  const services = changes.filter(({ type }) => type === 'AWS::ECS::Service');
  const holders = services.flatMap((change) => [...namesOf(change.before)].map(([name, source]) => ({ name, source, change })));
  return services.flatMap((taker) => {
    const isNew = ['created', 'replaced', 'may be replaced'].includes(taker.outcome);
    const had = isNew ? new Set() : new Set(namesOf(taker.before).keys());
    return [...namesOf(taker.after).keys()]
      .filter((name) => !had.has(name))
      .flatMap((name) => {
        const holder = holders.find((one) => one.name === name && (one.change !== taker || isNew));
        if (!holder) return [];
        const verdict = verdictOf(taker, holder.change, name);
        if (verdict === undefined) return [];
        const by = holder.change === taker ? 'the service that it replaces' : holder.change.path;
        const says = `the Service Connect name ${name.split('|')[1]} belongs to ${by} until the end of the deployment; use another name, or give it up in a deployment before`;
        return [{ rule: 'Service Connect name in use', id: taker.id, isCertain: verdict, source: holder.source, says }];
      });
  });
}

/** Returns whether the name is certainly in use; undefined if it is certainly free. */
function verdictOf(taker: Change, holder: Change, name: string): boolean | undefined {
  if (holder === taker) return taker.outcome !== 'may be replaced';
  const [stack, other] = [taker.after!.template, holder.before!.template];
  // Stacks are deployed one after the other.
  if (stack.name !== other.name) {
    const later = stack.app.templates.find(({ name: one }) => one === other.name);
    return stack.stacksBefore().has(other.path) ? undefined : later?.stacksBefore().has(stack.path) === true;
  }
  const givesUp = holder.after !== undefined && !namesOf(holder.after).has(name) && holder.outcome === 'updated';
  if (givesUp && taker.after!.waitsFor(holder.after!)) return undefined;
  return !givesUp && taker.outcome !== 'may be replaced';
}

/** The discovery names and aliases of a service in their namespace, with the page that says that they are unique. */
function namesOf(service: Resource | undefined): Map<string, string> {
  const configuration = service?.at('ServiceConnectConfiguration');
  if (!configuration || configuration.at('Enabled').isFalse) return new Map();
  const given = configuration.at('Namespace');
  const namespace = given.isAbsent ? service!.at('Cluster').references[0]?.path : (given.references[0]?.path ?? given.pattern);
  return new Map(
    configuration.at('Services').items.flatMap((item): [string, string][] => {
      const discovery = item.at('DiscoveryName').text ?? item.at('PortName').text;
      if (discovery === undefined) return [];
      const aliases = item.at('ClientAliases').items.map((alias) => {
        const port = alias.at('Port').text ?? alias.at('Port').pattern;
        return `${alias.at('DnsName').text ?? `${discovery}.<namespace>`}:${port}`;
      });
      return [
        [`${namespace}|${discovery}`, DISCOVERY_NAMES],
        ...aliases.map((alias): [string, string] => [`${namespace}|${alias}`, ALIASES]),
      ];
    }),
  );
}
