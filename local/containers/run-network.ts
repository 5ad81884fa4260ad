import Docker from 'dockerode';
import { Labels } from './run-labels';

const FIRST_OCTET = 100;
const OCTETS = 128;
const TRIES = 20;

/** A network of the run's own, in the first range of 10.0.0.0/8 that the engine's other networks leave free. */
export async function createRunNetwork(
  docker: Docker,
  run: string,
  labels: Labels,
  octet: number,
): Promise<{ name: string; second: number }> {
  const name = `cdk-ecs-mesh-${run}`;
  let problem = '';
  for (let i = 0; i < TRIES; i++) {
    const second = FIRST_OCTET + ((octet + i) % OCTETS);
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
