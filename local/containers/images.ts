import * as path from 'node:path';
import Docker from 'dockerode';
import { BuildContexts } from './build-context';
import { CA_IMAGE } from './ca-bundle';
import { StandIns } from './stand-ins';
import { ImageAsset } from '../assembly/cloud-assembly';
import { ImageSource } from '../ecs/image';
import { Work } from '../engine/work';

export const ASSET_PREFIX = 'cdk-ecs-mesh-asset';
const HELPER = 'cdk-ecs-mesh-helper:latest';

export interface ImagesOptions {
  readonly docker: Docker;
  readonly localDirectory: string;
  /** Certificates that builds trust besides those of their images: `--ca-bundle`. */
  readonly caBundle?: string;
  readonly say: (line: string) => void;
  readonly work: Work;
}

/** The images of a run: built from their Dockerfiles, or pulled; each once. */
export class Images {
  /** The contexts of the images that the engine builds right now. */
  public readonly building: string[] = [];
  private readonly known = new Map<string, Promise<string>>();
  /** Images that are not what their names say. */
  public readonly standIns = new StandIns();
  private readonly contexts: BuildContexts;

  constructor(private readonly options: ImagesOptions) {
    this.contexts = new BuildContexts(options.caBundle);
  }

  /** What holds networks: built from `helper/`, from the cache of the engine but for the first time. */
  public helper(): Promise<string> {
    return this.once(HELPER, () => this.build(HELPER, path.join(this.options.localDirectory, 'containers', 'helper'), {}));
  }

  public ready(image: ImageSource): Promise<string> {
    if (image.kind !== 'asset') return this.once(image.image, () => this.pull(image.image));
    const tag = `${ASSET_PREFIX}:${image.hash.slice(0, 12)}`;
    return this.once(tag, () => this.build(tag, image.directory, image.asset ?? {}));
  }

  /** Removes what builds needed on this machine; the images stay, for the next run. */
  public close(): void {
    this.contexts.remove();
  }

  private once(name: string, make: () => Promise<void>): Promise<string> {
    const known = this.known.get(name) ?? this.options.work.begin(make).then(() => name);
    this.known.set(name, known);
    return known;
  }

  /** For this machine's architecture, whatever the task's is: another would be emulated instruction by instruction. */
  private async build(tag: string, context: string, { dockerfile, target, buildArgs }: Partial<ImageAsset>): Promise<void> {
    const started = Date.now();
    this.building.push(context);
    const file = dockerfile === undefined ? 'Dockerfile' : path.relative(context, dockerfile);
    const stream = await this.options.docker.buildImage(
      { context: await this.contextOf(context, file), src: ['.'] },
      {
        t: tag,
        dockerfile: file,
        target,
        buildargs: buildArgs ?? {},
        forcerm: true,
      },
    );
    const said: string[] = [];
    await this.followed(stream, said)
      .catch((error: Error) => {
        throw new Error(`cannot build the image of ${context}: ${error.message}\n${said.slice(-15).join('\n')}`);
      })
      .finally(() => this.building.splice(this.building.indexOf(context), 1));
    if (Date.now() - started > 3000) {
      this.options.say(`built the image of ${context} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }
  }

  private async contextOf(context: string, file: string): Promise<string> {
    const { caBundle, docker } = this.options;
    if (caBundle !== undefined) {
      await this.once(CA_IMAGE, async () => {
        const stream = await docker.buildImage({ context: this.contexts.certificates(caBundle), src: ['.'] }, { t: CA_IMAGE });
        await this.followed(stream, []);
      });
    }
    return this.contexts.of(context, file);
  }

  /** A local image of that name is used as it is, as `docker run` does. */
  private async pull(image: string): Promise<void> {
    if (await this.isHere(image)) return;
    this.options.say(`pulling ${image}`);
    try {
      const { docker, work } = this.options;
      await this.followed(await docker.pull(image, { abortSignal: work.signal }), []);
    } catch (error) {
      const { message } = error as Error;
      throw new Error(
        `cannot pull the image ${image}: ${message}; log in to its registry, or give a local image that name (docker tag)`,
      );
    }
  }

  private async isHere(image: string): Promise<boolean> {
    try {
      await this.options.docker.getImage(image).inspect();
      return true;
    } catch {
      return false;
    }
  }

  private followed(stream: NodeJS.ReadableStream, said: string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const heard = ({ stream: line, error }: { stream?: string; error?: string }) => {
        if (line?.trim()) said.push(line.trimEnd());
        if (error) reject(new Error(error));
      };
      this.options.docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()), heard);
    });
  }
}
