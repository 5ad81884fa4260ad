import { Proof } from './proof';
import { Visitor } from './visitor';
import { LocalRun } from '../run/local-run';
import { RunOptions } from '../run/options';

export type Open = (options: RunOptions) => Promise<LocalRun>;

/** Starts a template, has its proofs judged, and stops it. */
export interface Prover {
  prove(options: RunOptions, title: string, proofsOf: (run: LocalRun) => readonly Proof[]): Promise<void>;
}

/** Says what came of each proof, and counts. */
export class Judge implements Prover {
  public passed = 0;
  public failed = 0;

  constructor(
    private readonly open: Open,
    private readonly say: (line: string) => void,
  ) {}

  public async prove(options: RunOptions, title: string, proofsOf: (run: LocalRun) => readonly Proof[]): Promise<void> {
    let run: LocalRun | undefined;
    let stopping = false;
    // When somebody stops the run meanwhile, the process ends, and nothing is judged any more.
    const over = () => run?.over === true && !stopping;
    this.say(`\n${title}`);
    const up = await this.judge('everything in the template starts', over, async () => {
      run = await this.open(options);
      return `${run.tasks.length} tasks, ${run.loadBalancers.length} load balancers, ${run.redisServers.length} Redis outside of ECS`;
    });
    if (run && up) {
      const visitor = new Visitor(run);
      for (const proof of proofsOf(run)) await this.judge(proof.name, over, () => proof.prove(visitor));
    }
    stopping = true;
    await this.judge('everything stops', over, async () => {
      await run?.stop();
      const left = run?.leftOver ?? 0;
      if (left > 0) throw new Error(`${left} processes had to be killed`);
      return 'no process is left';
    });
  }

  private async judge(name: string, over: () => boolean, proof: () => Promise<string>): Promise<boolean> {
    const started = Date.now();
    try {
      const seen = await proof();
      this.say(`PASS  ${name} (${seen}; ${Date.now() - started} ms)`);
      this.passed++;
      return true;
    } catch (error) {
      if (over()) return new Promise<never>(() => undefined);
      this.say(`FAIL  ${name}: ${(error as Error).message}`);
      this.failed++;
      return false;
    }
  }
}
