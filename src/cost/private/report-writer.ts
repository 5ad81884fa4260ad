import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, Stage } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';

interface Rendered {
  toJson(): string;
  toMarkdown(): string;
}

const ID = 'CostReport';

/**
 * Writes reports while the app is synthesized, into the folder of the stage. They are read from the construct tree, because some of the
 * templates are written later.
 */
export class ReportWriter extends Construct {
  public static of(scope: IConstruct): ReportWriter {
    const stage = Stage.of(scope) ?? scope.node.root;
    return (stage.node.tryFindChild(ID) as ReportWriter | undefined) ?? new ReportWriter(stage, ID);
  }

  private readonly writes: ((folder: string) => void)[] = [];

  private constructor(scope: IConstruct, id: string) {
    super(scope as Construct, id);
    attachCustomSynthesis(this, { onSynthesize: ({ outdir }) => this.writes.forEach((write) => write(outdir)) });
  }

  /** Writes what `read` returns. Returns a function that returns what was written last. */
  public add<T extends Rendered>(read: (stage: IConstruct) => T): () => T {
    let report: T | undefined;
    this.writes.push((folder) => {
      report = read(this.node.scope!);
      writeFileSync(join(folder, 'cost-report.json'), report.toJson());
      writeFileSync(join(folder, 'cost-report.md'), report.toMarkdown());
    });
    return () => report ?? read(this.node.scope!);
  }
}
