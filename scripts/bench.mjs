// Measures the compiled library: npx projen bench [--quick] [--deploy] [--reports] [--runs 7]; see bench/README.md.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundleTool } from './esbuild.mjs';
import { linkLibrary, root } from './install.mjs';

linkLibrary(join('.cache', 'bench'));

const outdir = join(root, '.cache', 'bench');
await bundleTool({
  entryPoints: {
    main: 'bench/main.ts',
    run: 'bench/run.ts',
    mesh: 'bench/mesh.ts',
    reports: 'bench/reports/run.ts',
    library: 'bench/three-tier/library.ts',
    plain: 'bench/three-tier/plain.ts',
    patterns: 'bench/three-tier/patterns.ts',
  },
  outdir,
});
const run = spawnSync(process.execPath, [join(outdir, 'main.js'), '--root', root, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(run.status ?? 1);
