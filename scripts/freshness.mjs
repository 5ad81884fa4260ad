/** Whether what was built is older than what it was built from. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

/** When the file, or the newest file of the folder, was written; 0 where nothing is. */
export function writtenAt(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry?.isDirectory()) return entry?.mtimeMs ?? 0;
  return Math.max(0, ...readdirSync(path).map((name) => writtenAt(join(path, name))));
}

/** Whether all sources, files or folders of the checkout, are older than `built`. */
export function isFresh(built, sources) {
  const made = writtenAt(join(root, built));
  return made > 0 && sources.every((source) => writtenAt(join(root, source)) <= made);
}

/** Whether lib/ is the compiled src/. */
export function libraryIsFresh() {
  return writtenAt(join(root, 'lib', 'index.js')) > 0 && isFresh('.jsii', ['src']);
}
