import { EcsService } from './ecs-service';
import { Namespace, Offer } from './namespace';
import { remembered } from './remembered';
import { ServiceConnectServer } from './service-connect';

/** The texts in which the containers of a service can receive an address. */
interface Texts {
  readonly variables: { readonly key: string; readonly text: string }[];
  readonly words: string[];
}

/** The servers whose addresses a service receives in variables or on command lines of its containers. */
export const toldServers = remembered((client: EcsService): Offer[] => {
  const texts = textsOf(client);
  const all = [...texts.variables.map(({ text }) => text), ...texts.words];
  const offers = Namespace.of(client)?.namedIn(all, client) ?? [];
  return offers.filter(({ server }) => isIn(texts, server));
});

function textsOf({ containers }: EcsService): Texts {
  const variables = containers.flatMap((container) => container.at('Environment').items);
  return {
    variables: variables.map((variable) => ({ key: variable.at('Name').text ?? '', text: variable.at('Value').pattern })),
    words: containers.flatMap((container) => [...container.at('Command').literals, ...container.at('EntryPoint').literals]),
  };
}

function isIn({ variables, words }: Texts, server: ServiceConnectServer): boolean {
  return server.aliases.some(({ dnsName, port }) => {
    if (dnsName === undefined) return false;
    const name = dnsName.replace(/[^A-Za-z0-9]/g, '\\$&');
    const asAddress = new RegExp(`(?:(?://|@)${name}|(?:^|[\\s=,;])${name}:${port ?? '\\d+'})(?![A-Za-z0-9.-])`);
    const isHost = (key: string, text: string) =>
      text === dnsName && (dnsName.includes('.') || /HOST|ADDR|SERVER|ENDPOINT|URL/i.test(key));
    const isTold = variables.some(({ key, text }) => asAddress.test(text) || isHost(key, text));
    return isTold || words.some((text) => asAddress.test(text));
  });
}
