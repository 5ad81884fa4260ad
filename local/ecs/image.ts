import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudAssembly, ImageAsset } from '../assembly/cloud-assembly';
import { absolute, ImageSpec, parseDockerfile } from '../assembly/dockerfile';

/** How the local run executes an image. */
export type ImageSource =
  | {
      readonly kind: 'asset';
      readonly directory: string;
      readonly hash: string;
      readonly spec: ImageSpec;
      readonly asset?: ImageAsset;
    }
  | { readonly kind: 'redis'; readonly image: string }
  /** Only an engine with containers can run it. */
  | { readonly kind: 'registry'; readonly image: string }
  | { readonly kind: 'skipped'; readonly image: string; readonly reason: string };

/** Images that are not assets. Add a row here to teach the local run another one. */
const KNOWN_IMAGES: readonly { readonly pattern: RegExp; readonly source: (image: string) => ImageSource }[] = [
  { pattern: /(^|\/)(redis|valkey|redis-stack-server)(:|@|$)/, source: (image) => ({ kind: 'redis', image }) },
  {
    pattern: /(aws-xray-daemon|cloudwatch-agent|aws-for-fluent-bit|aws-otel-collector|ecs-service-connect-agent)(:|@|$)/,
    source: (image) => ({ kind: 'skipped', image, reason: 'AWS side-car' }),
  },
];

/** Find how to run an image named in a task definition; an image nobody knows is an error that names it. */
export function imageSource(
  assembly: CloudAssembly,
  image: string,
  where: string,
  engine: 'process' | 'container' = 'process',
): ImageSource {
  const hash = image.split(':').at(-1) ?? '';
  const asset = assembly.images.get(hash);
  if (asset) return sourceOf(asset, hash, engine);
  const [, repository = ''] = /^\d+\.dkr\.ecr\.[\w-]+\.amazonaws\.com\/([^:@]+)/.exec(image) ?? [];
  const released = assembly.released.get(repository);
  if (released) return sourceOf(released, createHash('sha256').update(image).digest('hex'), engine);
  const known = KNOWN_IMAGES.find(({ pattern }) => pattern.test(image));
  if (!known && engine === 'container') return { kind: 'registry', image };
  if (!known) {
    throw new Error(
      `${where}: the local run does not know how to run the image ${JSON.stringify(image)}; add it to local/ecs/image.ts`,
    );
  }
  return known.source(image);
}

function sourceOf(asset: ImageAsset, hash: string, engine: 'process' | 'container'): ImageSource {
  const { directory, dockerfile } = asset;
  const read = () => parseDockerfile(fs.readFileSync(dockerfile, 'utf8'), dockerfile);
  // Who builds the image need not understand its Dockerfile.
  let spec = engine === 'process' ? read() : undefined;
  return {
    ...{ kind: 'asset', directory, hash, asset },
    get spec() {
      return (spec ??= read());
    },
  };
}

/**
 * Lay out the files an image would hold, by its COPY instructions, under `root`. A file that the Dockerfile forgets is then missing here
 * too; and since the root is outside the repository, so is every module that the bundle forgets.
 */
export function materialise(source: Extract<ImageSource, { kind: 'asset' }>, root: string): void {
  for (const { sources, destination, workdir } of source.spec.copies) {
    const target = path.join(root, absolute(workdir, destination));
    const matches = sources.flatMap((pattern) => expand(source.directory, pattern));
    if (matches.length === 0) {
      throw new Error(`${source.directory}/Dockerfile copies ${sources.join(' ')}, which is not in the build context`);
    }
    const intoDirectory = /(^|\/)\.?$/.test(destination) || matches.length > 1;
    for (const match of matches) {
      const isDirectory = fs.statSync(match).isDirectory();
      // As in Docker, copying a directory copies what is in it.
      const to = isDirectory || !intoDirectory ? target : path.join(target, path.basename(match));
      fs.mkdirSync(isDirectory ? to : path.dirname(to), { recursive: true });
      fs.cpSync(match, to, { recursive: true });
    }
  }
  fs.mkdirSync(path.join(root, source.spec.workdir), { recursive: true });
}

function expand(directory: string, pattern: string): string[] {
  const full = path.join(directory, pattern);
  if (!/[*?]/.test(pattern)) return fs.existsSync(full) ? [full] : [];
  const expression = path
    .basename(pattern)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  const matcher = new RegExp(`^${expression}$`);
  const parent = path.dirname(full);
  if (!fs.existsSync(parent)) return [];
  return fs
    .readdirSync(parent)
    .filter((name) => matcher.test(name))
    .map((name) => path.join(parent, name));
}

/**
 * Turn a command of the image into one of this machine: `node` is this Node, and paths of the image point below its root, in lines for the
 * shell too.
 */
export function localCommand(command: readonly string[], root: string): string[] {
  return command.map((word, i) => {
    if (i === 0 && /(^|\/)node(js)?$/.test(word)) return process.execPath;
    return command[i - 1] === '-c' ? word.replace(PATHS, (found) => inRoot(found, root)) : inRoot(word, root);
  });
}

/** Absolute paths of at least two parts, as words of a line. */
const PATHS = /(?<![\w./$}-])\/[\w.-]+\/[\w./-]+/g;

/** The path below the root, where the image has it. */
export function inRoot(word: string, root: string): string {
  const inside = word.startsWith('/') && word !== '/' ? path.join(root, word) : undefined;
  return inside !== undefined && fs.existsSync(inside) ? inside : word;
}
