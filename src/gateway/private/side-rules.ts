import { Construct } from 'constructs';
import { SideChoices, SideName } from './side-choices';
import { admitsAnyone, validatePeers } from './side-peers';
import { warn } from '../../core/private/errors';

/** Throws for settings that contradict each other or that AWS would reject. */
export function validateChoices(gateway: Construct, side: SideName, choices: SideChoices): void {
  choices.tls?.certificate._validate(gateway, `${side}.certificate`);
  choices.tls?.mutualTls._validate(gateway, `${side}.mutualTls`);
  choices.responseHeaders?._validate(gateway, `${side}.responseHeaders`);
  choices.waf?._validate(gateway, `${side}.waf`);
  validatePeers(gateway, side, choices.peers);
  warnOfOpenHeader(gateway, side, choices);
}

/** Warns if clients that the proxy did not send can write the header that tells clients apart. */
function warnOfOpenHeader(gateway: Construct, side: SideName, { waf, peers }: SideChoices): void {
  if (waf?._header === undefined || !admitsAnyone(peers)) return;
  warn(
    gateway,
    'WafHeaderFromAnyone',
    `\`${side}.waf.clientAddress\`: everyone can reach the load balancer without the proxy, write any address into ${waf._header}, and so evade the rate limit, the countries and the address lists; admit only the addresses of the proxy with \`${side}.peers\``,
  );
}
