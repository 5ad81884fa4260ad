import Docker from 'dockerode';
import { Labels } from './run-labels';

const FIRST_OCTET = 100;
const OCTETS = 128;
const TRIES = 20;

/** The second octets that the network of a run may have, by the run's own: the first that is free. */
export function networkOctets(run: number): number[] {
  return Array.from({ length: TRIES }, (_unused, i) => FIRST_OCTET + ((run + i) % OCTETS));
}

/** A network of the run's own, in the first range of 10.0.0.0/8 that the engine's other networks leave free. */
export async function createRunNetwork(
  docker: Docker,
  run: string,
  labels: Labels,
  octet: number,
): Promise<{ name: string; second: number }> {
  const name = `cdk-ecs-mesh-${run}`;
  let problem = '';
  for (const second of networkOctets(octet)) {
    const base = `10.${second}`;
    try {
      await docker.createNetwork({
        Name: name,
        Driver: 'bridge',
        Labels: { ...labels },
        // The engine may give out what is not asked for by address only from a part that no machine of the run has.
        IPAM: { Driver: 'default', Config: [{ Subnet: `${base}.0.0/16`, Gateway: `${base}.0.1`, IPRange: `${base}.200.0/24` }] },
      });
      return { name, second };
    } catch (error) {
      problem = (error as Error).message;
      if (!/subnet|overlap|pool|used/i.test(problem)) break;
    }
  }
  throw new Error(`the engine makes no network for the run: ${problem}; remove networks that are not used (docker network prune)`);
}
