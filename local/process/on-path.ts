import * as fs from 'node:fs';
import * as path from 'node:path';

/** The full path of a program, from PATH and then from `besides`. */
export function onPath(name: string, besides: readonly string[] = []): string | undefined {
  return [...(process.env.PATH ?? '').split(path.delimiter), ...besides]
    .filter((directory) => directory !== '')
    .map((directory) => path.join(directory, name))
    .find((file) => {
      try {
        fs.accessSync(file, fs.constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
