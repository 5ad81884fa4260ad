import { App } from 'aws-cdk-lib';
import { build } from './app';
import { REPORTS } from './reports';
import { ReportName } from '../settings';

/** CPU of all threads, which says more than the clock where others use the machine, too. */
export interface ReportSample {
  readonly synthesisMs: number;
  readonly reportMs: number;
}

/** Makes one app in this process, which must be a fresh one, then one report of it, and prints what both used. */
function main([name, count, outdir]: string[]): void {
  const app = new App({ outdir, analyticsReporting: false, context: { '@aws-cdk/core:stackResourceLimit': 0 } });
  const started = process.cpuUsage();
  build(app, Number(count));
  const assembly = app.synth();
  const synthesised = process.cpuUsage();
  REPORTS[name as ReportName]({ app, assembly });
  const sample: ReportSample = { synthesisMs: between(started, synthesised), reportMs: between(synthesised, process.cpuUsage()) };
  process.stdout.write(`${JSON.stringify(sample)}\n`);
}

function between(from: NodeJS.CpuUsage, to: NodeJS.CpuUsage): number {
  return (to.user + to.system - from.user - from.system) / 1000;
}

if (process.argv.length > 2) main(process.argv.slice(2));
