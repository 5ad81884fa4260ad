/** The examples in TypeScript: folders of `examples` with an app, or of a folder of apps that belong together, as in `company/orders`. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

/** Those whose proofs `npm run demo -- <example> --check` runs. */
export const EXAMPLES_WITH_PROOFS = ['geolocation', 'voting', 'flask-nginx', 'care', 'platform'];

export function exampleNames() {
  return foldersIn('').flatMap((name) => (isApp(name) ? [name] : foldersIn(name).filter(isApp)));
}

function isApp(name) {
  return ['cdk.json', 'app.ts'].every((file) => existsSync(join(root, 'examples', name, file)));
}

function foldersIn(parent) {
  return readdirSync(join(root, 'examples', parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => (parent ? `${parent}/${name}` : name));
}
