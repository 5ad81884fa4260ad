import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What one process that makes an app used. */
export interface Sample {
  readonly importMs: number;
  readonly constructMs: number;
  readonly synthMs: number;
  readonly totalMs: number;
  /** Of all threads, without Node's own start: says more than the clock where others use the machine, too. */
  readonly cpuMs: number;
  readonly memoryMiB: number;
  readonly resources: number;
  readonly bytes: number;
  readonly stacks: number;
}

/** Makes one app in this process, which must be a fresh one, and prints what that used. */
function main([variant, count, perStack, output]: string[]): void {
  const load = createRequire(__filename);
  const used = process.cpuUsage();
  const started = process.hrtime.bigint();
  const { build } = load(variant);
  const { App } = load('aws-cdk-lib');
  const imported = process.hrtime.bigint();
  // The limit of resources is off: how the cost grows is measured beyond it, too.
  const app = new App({ outdir: output, analyticsReporting: false, context: { '@aws-cdk/core:stackResourceLimit': 0 } });
  build(app, Number(count), Number(perStack));
  const constructed = process.hrtime.bigint();
  const assembly = app.synth();
  const ended = process.hrtime.bigint();
  const { user, system } = process.cpuUsage(used);
  const ms = (from: bigint, to: bigint) => Number(to - from) / 1e6;
  const stacks: { template: { Resources: object }; templateFile: string }[] = assembly.stacks;
  const sample: Sample = {
    importMs: ms(started, imported),
    constructMs: ms(imported, constructed),
    synthMs: ms(constructed, ended),
    totalMs: ms(started, ended),
    cpuMs: (user + system) / 1000,
    memoryMiB: process.resourceUsage().maxRSS / 1024,
    resources: stacks.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0),
    bytes: stacks.reduce((sum, { templateFile }) => sum + statSync(join(output, templateFile)).size, 0),
    stacks: stacks.length,
  };
  process.stdout.write(`${JSON.stringify(sample)}\n`);
}

if (process.argv.length > 2) main(process.argv.slice(2));
