import * as fs from 'node:fs';
import * as path from 'node:path';
import Docker from 'dockerode';
import { Gateway } from './gateway';
import { mountOf } from './task-volumes';

/** Where containers find the files, and where the gateway does. */
const PLACE = '/etc/cdk-ecs-mesh';
const AT_GATEWAY = '/shared';

/** Files of this machine that the containers of a run may read: in a volume, since an engine may be where no folder of this machine is. */
export class SharedFolder {
  constructor(
    private readonly folder: string,
    private readonly volume: string,
  ) {}

  public get atGateway(): Docker.MountSettings {
    return mountOf(this.volume, AT_GATEWAY, false, true);
  }

  /** Nothing where there are no files. */
  public get mounts(): Docker.MountSettings[] {
    return this.files.length === 0 ? [] : [mountOf(this.volume, PLACE, true, true)];
  }

  /** Variables with the files' places on this machine as they are inside. */
  public inside(env: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replaceAll(this.folder, PLACE)]));
  }

  public async fill(gateway: Gateway): Promise<void> {
    for (const name of this.files) {
      await gateway.write(`${AT_GATEWAY}/${name}`, fs.readFileSync(path.join(this.folder, name)));
    }
  }

  private get files(): string[] {
    return fs.readdirSync(this.folder);
  }
}
