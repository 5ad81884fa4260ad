import { IConstruct } from 'constructs';
import { renderMermaid } from './private/mermaid';
import { renderSvg } from './private/svg';
import { readModel } from './private/topology-model';
import { TopologyWriter } from './private/topology-writer';

/** Choices of a topology picture. */
export interface TopologyDiagramProps {
  /**
   * Title of the picture, read out by screen readers and shown as its name by browsers.
   *
   * @default 'Service topology'
   */
  readonly title?: string;
}

/**
 * The picture of an app: who calls whom, under which name and port, and across which trust boundary.
 *
 * It is drawn from what the constructs recorded when they were connected (see `TopologyRecord`), so it cannot differ from the
 * security groups and variables that were deployed. Names that only CloudFormation knows are left out. The same app always gives the
 * same bytes, so the files can be committed and compared.
 *
 * Creates no resources and costs nothing.
 *
 * @example
 * TopologyDiagram.attach(this, { title: 'Geolocation' }); // cdk.out gets topology.json, topology.mmd and topology.svg
 */
export class TopologyDiagram {
  /**
   * Write `topology.json`, `topology.mmd` and `topology.svg` into the cloud assembly whenever the app is synthesised.
   *
   * There is one picture per app: called again, it returns the same picture with the newest title.
   *
   * @param scope any construct of the app
   * @param props title
   */
  public static attach(scope: IConstruct, props: TopologyDiagramProps = {}): TopologyDiagram {
    const diagram = new TopologyDiagram(scope, props);
    TopologyWriter.of(scope).diagram = diagram;
    return diagram;
  }

  /**
   * The picture of the app that `scope` belongs to, without writing files.
   *
   * @param scope any construct of the app
   * @param props title
   */
  public static of(scope: IConstruct, props: TopologyDiagramProps = {}): TopologyDiagram {
    return new TopologyDiagram(scope, props);
  }

  /** Title of the picture. */
  public readonly title: string;

  private readonly scope: IConstruct;

  private constructor(scope: IConstruct, props: TopologyDiagramProps) {
    this.scope = scope;
    this.title = props.title ?? 'Service topology';
  }

  /**
   * The components and connections as JSON, in order of declaration, with the zone of each component: `internet`, `public`,
   * `private`, `data`, `aws` or `outside`.
   */
  public toJson(): string {
    return `${JSON.stringify({ version: 1, title: this.title, ...readModel(this.scope) }, undefined, 2)}\n`;
  }

  /** A Mermaid flowchart, for Markdown that renders it. */
  public toMermaid(): string {
    return renderMermaid(readModel(this.scope), this.title);
  }

  /** A self-contained SVG that follows the reader's light or dark colour scheme, with the connections in words for screen readers. */
  public toSvg(): string {
    return renderSvg(readModel(this.scope), this.title);
  }
}
