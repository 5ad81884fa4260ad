import { Construct } from 'constructs';
import { SideChoices, SideName } from './side-choices';
import { validatePeers } from './side-peers';

/** Throws for settings that contradict each other or that AWS would reject. */
export function validateChoices(gateway: Construct, side: SideName, choices: SideChoices): void {
  choices.tls?.certificate._validate(gateway, `${side}.certificate`);
  choices.tls?.mutualTls._validate(gateway, `${side}.mutualTls`);
  choices.responseHeaders?._validate(gateway, `${side}.responseHeaders`);
  choices.waf?._validate(gateway, `${side}.waf`);
  validatePeers(gateway, side, choices.peers);
}
