import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { assemblyScope } from './stage';

/** The three formats, as the writer uses them. */
export interface TopologyFormats {
  toJson(): string;
  toMermaid(): string;
  toSvg(): string;
}

const ID = 'TopologyDiagram';

/**
 * Writes the picture when the app is synthesized. It is a direct child of the app or stage: all stacks in it are complete there, and the
 * session's folder is that of its cloud assembly.
 */
export class TopologyWriter extends Construct {
  public static of(scope: IConstruct): TopologyWriter {
    const root = assemblyScope(scope);
    return (root.node.tryFindChild(ID) as TopologyWriter | undefined) ?? new TopologyWriter(root, ID);
  }

  public diagram?: TopologyFormats;

  private constructor(scope: IConstruct, id: string) {
    super(scope as Construct, id);
    attachCustomSynthesis(this, { onSynthesize: ({ outdir }) => this.write(outdir) });
  }

  private write(folder: string): void {
    if (!this.diagram) return;
    writeFileSync(join(folder, 'topology.json'), this.diagram.toJson());
    writeFileSync(join(folder, 'topology.mmd'), this.diagram.toMermaid());
    writeFileSync(join(folder, 'topology.svg'), this.diagram.toSvg());
  }
}
