import { EngineApi, findEngineApi } from '../containers/engine-api';

/** `auto`: containers where Docker or Podman answers, else processes. */
export type EngineChoice = 'auto' | 'container' | 'process';

const ADVICE =
  'start Docker or Podman (`systemctl start docker`, or `podman system service` on a socket that DOCKER_HOST names), or use --engine process';

/** The engine with containers; undefined means processes. */
export async function chooseEngine(
  choice: EngineChoice,
  separate: boolean,
  find: () => Promise<EngineApi | readonly string[]> = () => findEngineApi(),
): Promise<EngineApi | undefined> {
  if (choice === 'process' || (choice === 'auto' && !separate)) return undefined;
  if (!separate) {
    throw new Error(
      'the container engine needs the loopback addresses of Linux (127.0.0.0/8), which are not here; use --engine process',
    );
  }
  const found = await find();
  if (!Array.isArray(found)) return found as EngineApi;
  if (choice === 'auto') return undefined;
  throw new Error(`no container engine answers: ${found.join('; ')}; ${ADVICE}`);
}
