import * as path from 'node:path';
import Docker from 'dockerode';
import { ImageAsset } from '../assembly/cloud-assembly';
import { ImageSource } from '../ecs/image';

export const ASSET_PREFIX = 'cdk-ecs-mesh-asset';
const HELPER = 'cdk-ecs-mesh-helper:latest';

export interface ImagesOptions {
  readonly docker: Docker;
  readonly localDirectory: string;
  readonly say: (line: string) => void;
}

/** The images of a run: built from their Dockerfiles, or pulled; each once. */
export class Images {
  private readonly known = new Map<string, Promise<string>>();

  constructor(private readonly options: ImagesOptions) {}

  /** What holds networks: built from `helper/`, from the cache of the engine but for the first time. */
  public helper(): Promise<string> {
    return this.once(HELPER, () => this.build(HELPER, path.join(this.options.localDirectory, 'containers', 'helper'), {}));
  }

  public ready(image: ImageSource): Promise<string> {
    if (image.kind !== 'asset') return this.once(image.image, () => this.pull(image.image));
    const tag = `${ASSET_PREFIX}:${image.hash.slice(0, 12)}`;
    return this.once(tag, () => this.build(tag, image.directory, image.asset ?? {}));
  }

  private once(name: string, make: () => Promise<void>): Promise<string> {
    const known = this.known.get(name) ?? make().then(() => name);
    this.known.set(name, known);
    return known;
  }

  private async build(
    tag: string,
    context: string,
    { dockerfile, target, buildArgs, platform }: Partial<ImageAsset>,
  ): Promise<void> {
    const started = Date.now();
    const stream = await this.options.docker.buildImage(
      { context, src: ['.'] },
      {
        t: tag,
        dockerfile: dockerfile && path.relative(context, dockerfile),
        target,
        buildargs: buildArgs ?? {},
        platform,
        forcerm: true,
      },
    );
    const said: string[] = [];
    await this.followed(stream, said).catch((error: Error) => {
      throw new Error(`cannot build the image of ${context}: ${error.message}\n${said.slice(-15).join('\n')}`);
    });
    if (Date.now() - started > 3000) {
      this.options.say(`built the image of ${context} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }
  }

  /** A local image of that name is used as it is, as `docker run` does. */
  private async pull(image: string): Promise<void> {
    if (await this.isHere(image)) return;
    this.options.say(`pulling ${image}`);
    try {
      await this.followed(await this.options.docker.pull(image), []);
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
