import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { isAlive } from './alive';

const PREFIX = 'cdk-ecs-mesh';
/** Folders may be shared by machines whose processes have the same ids. */
const OWNER = `${os.hostname().replace(/[^\w.]/g, '_')}-`;

/** Makes a folder for temporary files of this process, outside of the repository. */
export function makeScratch(purpose: string, parent = os.tmpdir()): string {
  return fs.mkdtempSync(path.join(parent, `${PREFIX}-${purpose}-${OWNER}${process.pid}-`));
}

/** Removes what killed runners left of such folders; returns their names. */
export function removeDeadScratch(parent = os.tmpdir(), alive = isAlive): string[] {
  const dead = fs.readdirSync(parent).filter((name) => isDead(name, alive));
  return dead.filter((name) => {
    try {
      fs.rmSync(path.join(parent, name), { recursive: true, force: true });
      return true;
    } catch {
      return false; // another user's
    }
  });
}

function isDead(name: string, alive: (pid: number) => boolean): boolean {
  const [, owner, pid] = new RegExp(`^${PREFIX}-[a-z]+-(.+-)(\\d+)-\\w+$`).exec(name) ?? [];
  return owner === OWNER && !alive(Number(pid));
}
