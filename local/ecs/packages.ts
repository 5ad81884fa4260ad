import * as fs from 'node:fs';
import * as path from 'node:path';
import { ImageSource } from './image';
import { absolute } from '../assembly/dockerfile';

/**
 * What `RUN npm ci` does for an image, without a registry: the packages that its package.json names, from those that the repository has.
 * One that is in neither stays missing, and only code that needs it fails.
 */
export function installPackages(
  { directory, spec }: Extract<ImageSource, { kind: 'asset' }>,
  root: string,
  repository: string,
): void {
  const dockerfile = path.join(directory, 'Dockerfile');
  if (!fs.existsSync(dockerfile) || !/^RUN\s+npm\s+(ci|install)\b/m.test(fs.readFileSync(dockerfile, 'utf8'))) return;
  const workdir = path.join(root, absolute('/', spec.workdir));
  const manifest = JSON.parse(fs.readFileSync(path.join(workdir, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const source = path.join(repository, 'node_modules', name);
    const link = path.join(workdir, 'node_modules', name);
    if (!fs.existsSync(source)) continue;
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(fs.realpathSync(source), link, 'dir');
  }
}
