/** What the bundles of this repository have in common. esbuild is loaded when it is used: commands for a fresh clone import this file too. */
import { root } from './install.mjs';

/** Packages without CommonJS: a bundle in CommonJS must hold them itself. */
const MODULES_ONLY = ['markdown-table'];

/** Parts in other languages, without which their packages work as well. */
const NATIVE = ['cpu-features', '*.node'];

const OPTIONS = {
  absWorkingDir: root, // paths in the bundle's comments start here, whatever machine it is made on
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  tsconfigRaw: { compilerOptions: { target: 'ES2022', esModuleInterop: true } },
};

/** Bundles with the packages that are used. */
export async function bundle(options) {
  const { build } = await import('esbuild');
  return build({ ...OPTIONS, ...options });
}

/** Bundles a program that runs anywhere, with its packages inside. */
export function bundleWhole(options) {
  return bundle({ external: NATIVE, ...options });
}

/** Bundles for a program that runs in this checkout, in whose node_modules the packages stay. */
export function bundleTool(options) {
  return bundle({ plugins: [{ name: 'packages-outside', setup: packagesOutside }], ...options });
}

function packagesOutside({ onResolve }) {
  onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
    const isInside = kind === 'entry-point' || MODULES_ONLY.includes(path);
    return isInside ? undefined : { path, external: true };
  });
}
