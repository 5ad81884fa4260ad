/** The user that an image runs as and the paths that this user can write to, as its Dockerfile declares them. */
export interface DockerfileFacts {
  /** The user of the last stage; undefined if none is named, or if a variable or the base image names it. */
  readonly user?: string;
  /** The paths in `VOLUME` instructions, without variables. */
  readonly volumes: string[];
  /** Indicates whether all volumes are known: the stage starts from `scratch` and uses no variable for a volume. */
  readonly allVolumesKnown: boolean;
}

interface Stage extends DockerfileFacts {
  readonly name: string;
}

/** A base image from elsewhere: it can have a user and volumes of its own. */
const ELSEWHERE: Stage = { name: '', volumes: [], allVolumesKnown: false };
const SCRATCH: Stage = { name: 'scratch', user: 'root', volumes: [], allVolumesKnown: true };

/**
 * Reads the stage that is built: the named one, or the last. Returns undefined for syntax that it does not support.
 *
 * @see https://docs.docker.com/reference/dockerfile/
 */
export function readDockerfile(text: string, target?: string): DockerfileFacts | undefined {
  // Another escape character would join other lines.
  if (/^#\s*escape\s*=\s*[^\\\s]/im.test(text)) return undefined;
  const stages: Stage[] = [];
  for (const { keyword, rest } of instructions(text)) {
    if (keyword === 'FROM') stages.push(begin(rest, stages));
    const stage = stages.at(-1);
    if (stage && keyword === 'USER') stages[stages.length - 1] = { ...stage, user: rest.includes('$') ? undefined : rest };
    if (stage && keyword === 'VOLUME') stages[stages.length - 1] = withVolumes(stage, rest);
  }
  return target === undefined ? stages.at(-1) : stages.find(({ name }, i) => name === target.toLowerCase() || `${i}` === target);
}

function begin(rest: string, stages: Stage[]): Stage {
  const [image = '', , name = ''] = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
  const base =
    image.toLowerCase() === 'scratch' ? SCRATCH : (stages.find((stage) => stage.name === image.toLowerCase()) ?? ELSEWHERE);
  return { ...base, name: name.toLowerCase() };
}

function withVolumes(stage: Stage, rest: string): Stage {
  const paths = words(rest);
  const known = paths?.filter((path) => !path.includes('$')) ?? [];
  return {
    ...stage,
    volumes: [...stage.volumes, ...known.map(withoutSlash)],
    allVolumesKnown: stage.allVolumesKnown && known.length === paths?.length,
  };
}

/** Splits a JSON list, or words separated by spaces. */
function words(rest: string): string[] | undefined {
  if (!rest.startsWith('[')) return rest.split(/\s+/);
  try {
    return (JSON.parse(rest) as unknown[]).map(String);
  } catch {
    return undefined;
  }
}

/** Returns the path without a trailing slash. */
export function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

function* instructions(text: string): Generator<{ keyword: string; rest: string }> {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
  for (let i = 0; i < lines.length; i++) {
    let line = lines[i];
    while (/\\\s*$/.test(line) && i + 1 < lines.length) line = `${line.replace(/\\\s*$/, '')} ${lines[++i]}`;
    const [, keyword = '', rest = ''] = /^\s*([A-Za-z]+)\s+(.*?)\s*$/.exec(line) ?? [];
    yield { keyword: keyword.toUpperCase(), rest };
    // Lines of a here-document are a script or a file, whatever they look like.
    const ends = /^(RUN|COPY|ADD)$/i.test(keyword) ? [...rest.matchAll(/(?<!<)<<-?(["']?)(\w+)\1/g)].map((found) => found[2]) : [];
    for (const end of ends) i = Math.max(i, lines.indexOf(end, i), lines.indexOf(`\t${end}`, i));
  }
}
