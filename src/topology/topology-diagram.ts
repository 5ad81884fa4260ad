import { IConstruct } from 'constructs';
import { renderMermaid } from './private/mermaid';
import { renderSvg } from './private/svg';
import { readModel } from './private/topology-model';
import { TopologyWriter } from './private/topology-writer';
import { guard } from '../core/private/guard';

/** Properties for a topology diagram. */
export interface TopologyDiagramProps {
  /**
   * The title of the picture. Screen readers announce it, and browsers show it as the name.
   *
   * @default 'Service topology'
   */
  readonly title?: string;
}

/**
 * A diagram of an app: components, the connections between them with names and ports, and the trust boundaries.
 *
 * It is drawn from the connections that the constructs recorded (see `TopologyRecord`), so it cannot differ from the deployed security
 * groups and variables. Names that are known only at deployment are omitted. The same app always gives identical files, so you can commit
 * and compare them.
 *
 * It creates no resources and is free of charge.
 *
 * @example
 * TopologyDiagram.attach(this, { title: 'Geolocation' }); // cdk.out gets topology.json, topology.mmd and topology.svg
 */
export class TopologyDiagram {
  /**
   * Writes `topology.json`, `topology.mmd` and `topology.svg` into the cloud assembly whenever the app is synthesized.
   *
   * There is one diagram per app: further calls return the same diagram with the latest title.
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
   * Returns the diagram of the app that contains `scope`, without writing files.
   *
   * @param scope any construct of the app
   * @param props title
   */
  public static of(scope: IConstruct, props: TopologyDiagramProps = {}): TopologyDiagram {
    return new TopologyDiagram(scope, props);
  }

  /** The title of the picture. */
  public readonly title: string;

  private readonly scope: IConstruct;

  private constructor(scope: IConstruct, props: TopologyDiagramProps) {
    this.scope = scope;
    this.title = props.title ?? 'Service topology';
  }

  /**
   * Returns the components and connections as JSON, in order of declaration, with the zone of each component: `internet`, `public`,
   * `private`, `data`, `aws` or `outside`.
   */
  public toJson(): string {
    return `${JSON.stringify({ version: 1, title: this.title, ...readModel(this.scope) }, undefined, 2)}\n`;
  }

  /** Returns a Mermaid flowchart, for Markdown renderers that support it. */
  public toMermaid(): string {
    return renderMermaid(readModel(this.scope), this.title);
  }

  /**
   * Returns a self-contained SVG that follows the reader's light or dark color scheme and describes the connections in words for screen
   * readers.
   */
  public toSvg(): string {
    return renderSvg(readModel(this.scope), this.title);
  }
}

guard({ TopologyDiagram });
