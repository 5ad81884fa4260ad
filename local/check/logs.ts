import * as fs from 'node:fs';
import * as path from 'node:path';
import { Visitor } from './visitor';

/** The lines that the containers of this name have written. */
export function logsOf({ run }: Visitor, container: string): string[] {
  const files = fs.readdirSync(run.logDirectory).filter((name) => name.endsWith(`.${container}.log`));
  return files.flatMap((name) => fs.readFileSync(path.join(run.logDirectory, name), 'utf8').split('\n'));
}
