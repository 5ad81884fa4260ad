import * as fs from 'node:fs';
import * as path from 'node:path';
import { Resource, StackTemplate, TemplateBody } from './stack-template';

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: { templateFile?: string; stackName?: string; file?: string; directoryName?: string };
}

interface ImageAssetSource {
  readonly directory?: string;
  readonly dockerFile?: string;
  readonly executable?: string[];
  readonly dockerBuildArgs?: Record<string, string>;
  readonly dockerBuildTarget?: string;
}

interface AssetManifest {
  readonly dockerImages?: Record<string, { source: ImageAssetSource }>;
}

/** Where the build context of an image asset lies. */
export interface ImageAsset {
  readonly directory: string;
  readonly dockerfile: string;
  readonly buildArgs?: Record<string, string>;
  readonly target?: string;
}

/** A concrete account and region for stacks that leave them open. */
const FALLBACK = { account: '123456789012', region: 'us-east-1' };

/** The stacks and image assets below one `cdk.out` directory, nested assemblies (stages) included. */
export class CloudAssembly {
  public readonly stacks: StackTemplate[] = [];
  public readonly images = new Map<string, ImageAsset>();

  /** @param released what was pushed to repositories outside of CDK, by the name of the repository */
  constructor(
    public readonly directory: string,
    public readonly released: ReadonlyMap<string, ImageAsset> = new Map(),
  ) {
    this.read(directory);
    if (this.stacks.length === 0) throw new Error(`${directory} has no stack; synthesise the example first`);
  }

  public resources(type?: string): Resource[] {
    return this.stacks.flatMap((stack) =>
      Object.entries(stack.body.Resources ?? {})
        .filter(([, body]) => type === undefined || body.Type === type)
        .map(([id, body]) => new Resource(stack, id, body)),
    );
  }

  private read(directory: string): void {
    const manifest = readJson<{ artifacts?: Record<string, Artifact> }>(path.join(directory, 'manifest.json'));
    for (const [id, artifact] of Object.entries(manifest.artifacts ?? {})) {
      const file = (name: string | undefined) => path.join(directory, required(name, `${id} in ${directory}/manifest.json`));
      if (artifact.type === 'aws:cloudformation:stack') {
        this.stacks.push(stackOf(id, artifact, readJson<TemplateBody>(file(artifact.properties?.templateFile))));
      } else if (artifact.type === 'cdk:asset-manifest') {
        this.readAssets(directory, readJson<AssetManifest>(file(artifact.properties?.file)));
      } else if (artifact.type === 'cdk:cloud-assembly') {
        this.read(file(artifact.properties?.directoryName));
      }
    }
  }

  private readAssets(directory: string, manifest: AssetManifest): void {
    for (const [hash, image] of Object.entries(manifest.dockerImages ?? {})) {
      // An asset made by an external program has no directory to run from; only a service that uses it is an error.
      if (!image.source.directory) continue;
      const source = path.resolve(directory, image.source.directory);
      const { dockerFile, dockerBuildArgs: buildArgs, dockerBuildTarget: target } = image.source;
      this.images.set(hash, {
        ...{ directory: source, dockerfile: path.join(source, dockerFile ?? 'Dockerfile') },
        ...{ buildArgs, target },
      });
    }
  }
}

function stackOf(id: string, artifact: Artifact, body: TemplateBody): StackTemplate {
  const [account, region] = (artifact.environment ?? '').replace('aws://', '').split('/');
  return {
    name: artifact.properties?.stackName ?? id,
    ...{ id, dependencies: artifact.dependencies },
    account: account && account !== 'unknown-account' ? account : FALLBACK.account,
    region: region && region !== 'unknown-region' ? region : FALLBACK.region,
    body,
  };
}

function required(value: string | undefined, where: string): string {
  if (value === undefined) throw new Error(`${where} names no file`);
  return value;
}

function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
}
