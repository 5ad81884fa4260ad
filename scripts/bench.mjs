// Measures the compiled library: npx projen bench [--quick] [--deploy] [--runs 7]; see bench/README.md.
import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

if (!existsSync(join(root, 'lib', 'index.js'))) {
  console.error('lib/ is not there; run `npx projen compile` first');
  process.exit(1);
}
const link = join(root, 'node_modules', 'cdk-ecs-mesh');
if (!existsSync(link)) symlinkSync('..', link, 'dir');

const { build } = await import('esbuild');
const outdir = join(root, '.cache', 'bench');
await build({
  absWorkingDir: root,
  entryPoints: {
    main: 'bench/main.ts',
    run: 'bench/run.ts',
    mesh: 'bench/mesh.ts',
    library: 'bench/three-tier/library.ts',
    plain: 'bench/three-tier/plain.ts',
    patterns: 'bench/three-tier/patterns.ts',
  },
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
  tsconfigRaw: { compilerOptions: { target: 'ES2022', esModuleInterop: true } },
});
const run = spawnSync(process.execPath, [join(outdir, 'main.js'), '--root', root, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(run.status ?? 1);
