import { IConstruct } from 'constructs';
import { joinAssemblies } from './private/joined-model';
import { renderMermaid } from './private/mermaid';
import { renderSvg } from './private/svg';
import { readModel, TopologyModel } from './private/topology-model';
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
   * There is one diagram for each app and for each stage: further calls in the same one return the same diagram with the latest title. The
   * diagram of a stage contains the stage only, and is written into the assembly of the stage.
   *
   * @param scope any construct of the app or stage
   * @param props title
   */
  public static attach(scope: IConstruct, props: TopologyDiagramProps = {}): TopologyDiagram {
    const diagram = TopologyDiagram.of(scope, props);
    TopologyWriter.of(scope).diagram = diagram;
    return diagram;
  }

  /**
   * Returns the diagram of the app, or of the stage, that contains `scope`, without writing files.
   *
   * @param scope any construct of the app or stage
   * @param props title
   */
  public static of(scope: IConstruct, props: TopologyDiagramProps = {}): TopologyDiagram {
    return new TopologyDiagram(() => readModel(scope), props);
  }

  /**
   * Returns the diagram of several apps that were synthesized each alone, such as a platform's app and the apps of its teams. What one app
   * shares and another one uses is one component.
   *
   * @param directories cloud assemblies with a `topology.json`, such as `platform/cdk.out`
   * @param props title
   */
  public static ofAssemblies(directories: string[], props: TopologyDiagramProps = {}): TopologyDiagram {
    return new TopologyDiagram(() => joinAssemblies(directories), props);
  }

  /** The title of the picture. */
  public readonly title: string;

  private constructor(
    private readonly read: () => TopologyModel,
    props: TopologyDiagramProps,
  ) {
    this.title = props.title ?? 'Service topology';
  }

  /**
   * Returns the components and connections as JSON, in order of declaration, with the zone of each component: `internet`, `public`,
   * `private`, `data`, `aws` or `outside`.
   */
  public toJson(): string {
    return `${JSON.stringify({ version: 1, title: this.title, ...this.read() }, undefined, 2)}\n`;
  }

  /** Returns a Mermaid flowchart, for Markdown renderers that support it. */
  public toMermaid(): string {
    return renderMermaid(this.read(), this.title);
  }

  /**
   * Returns a self-contained SVG that follows the reader's light or dark color scheme and describes the connections in words for screen
   * readers.
   */
  public toSvg(): string {
    return renderSvg(this.read(), this.title);
  }
}

guard({ TopologyDiagram });
