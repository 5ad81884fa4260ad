import { EngineApi, findEngineApi, Silence } from '../containers/engine-api';

/** `auto`: containers where Docker or Podman answers, else processes. */
export type EngineChoice = 'auto' | 'container' | 'process';

/** How containers are started, and why, for people. */
export interface ChosenEngine {
  /** The engine with containers; undefined means processes. */
  readonly api?: EngineApi;
  /** One line; undefined where the user has chosen. */
  readonly reason?: string;
}

const ADVICE =
  'start Docker or Podman (`systemctl start docker`, or `podman system service` on a socket that DOCKER_HOST names), or use --engine process';
const NO_ADDRESSES = 'the container engine needs the loopback addresses of Linux (127.0.0.0/8), which are not here';

export async function chooseEngine(
  choice: EngineChoice,
  separate: boolean,
  find: () => Promise<EngineApi | readonly Silence[]> = () => findEngineApi(),
): Promise<ChosenEngine> {
  if (choice === 'process') return {};
  if (!separate) {
    if (choice === 'auto') return { reason: `Engine: processes, because ${NO_ADDRESSES}.` };
    throw new Error(`${NO_ADDRESSES}; use --engine process`);
  }
  const found = await find();
  if ('docker' in found) return choice === 'auto' ? { api: found, reason: containersOf(found) } : { api: found };
  if (choice === 'auto') return { reason: processesBecause(found) };
  throw new Error(`no container engine answers: ${sentencesOf(found)}; ${ADVICE}`);
}

function containersOf({ description, place }: EngineApi): string {
  return `Engine: containers of ${description}, which answers at ${place}.`;
}

/** A socket that is there and of no use is news; that none is there needs no list of places. */
function processesBecause(silences: readonly Silence[]): string {
  const news = silences.filter(({ expected }) => !expected);
  return `Engine: processes, because ${news.length > 0 ? sentencesOf(news) : 'neither Docker nor Podman is here'}.`;
}

function sentencesOf(silences: readonly Silence[]): string {
  return silences.map(({ sentence }) => sentence).join('; ');
}
