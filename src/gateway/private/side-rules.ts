import { Construct } from 'constructs';
import { SideChoices, SideName } from './side-choices';
import { admitsAnyone, validatePeers } from './side-peers';
import { warn } from '../../core/private/errors';
import { Waf } from '../waf';

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

/** Warns if the web ACL of a side judges the addresses of the edges of a CDN, which all of their users share. */
export function warnOfEdges(side: Construct, waf: Waf | undefined): void {
  if (!waf?._isManaged || waf._header !== undefined) return;
  warn(
    side,
    'WafSeesEdges',
    `The WAF of ${side.node.path} sees the addresses of CloudFront: all users behind one edge share its rate limit, and countries and lists judge ` +
      'the edge. Give the distribution a web ACL, and the side `Waf.none()`; or let a CloudFront function set a header from `event.viewer.ip`, and name it ' +
      'in `clientAddress: WafClientAddress.forwarded(...)` of `Waf.managedRules`.',
  );
}
