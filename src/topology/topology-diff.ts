import { merge, parseTopology } from './private/compare';
import { markOf } from './private/labels';
import { renderMermaid } from './private/mermaid';
import { renderSvg } from './private/svg';
import { TopologyModel } from './private/topology-model';

/**
 * What changed between two versions of an app: who may call whom now, and who no longer may.
 *
 * It compares the `topology.json` files that `TopologyDiagram.attach` leaves in two cloud assemblies, such as those of the main branch and of
 * a pull request. A connection is the same if client, server, protocol, DNS name and port are.
 *
 * @example
 * const before = '{"version":1,"components":[],"connections":[]}'; // of main/cdk.out/topology.json
 * const after = TopologyDiagram.of(this).toJson();
 * const markdown = TopologyDiff.of(before, after).toMarkdown();
 */
export class TopologyDiff {
  /**
   * Compare two pictures.
   *
   * @param before content of the earlier `topology.json`
   * @param after content of the later one
   */
  public static of(before: string, after: string): TopologyDiff {
    return new TopologyDiff(merge(parseTopology('before', before), parseTopology('after', after)));
  }

  private constructor(private readonly model: TopologyModel) {}

  /** Whether both are the same, but for details such as numbers of tasks. */
  public get isEmpty(): boolean {
    return this.added.length + this.removed.length === 0;
  }

  /** What is new, a line each: `redis` or `api -> redis: redis redis.care-ns:6379`. */
  public get added(): string[] {
    return this.lines('added');
  }

  /** What is gone, a line each. */
  public get removed(): string[] {
    return this.lines('removed');
  }

  /** A Markdown list for a pull request, what is gone first. */
  public toMarkdown(): string {
    if (this.isEmpty) return 'The topology is unchanged.\n';
    const say = (change: 'added' | 'removed') => this.lines(change).map((line) => `- ${markOf(change)}${line}`);
    return [...say('removed'), ...say('added'), ''].join('\n');
  }

  /** A Mermaid flowchart of both, with what is new and what is gone marked. */
  public toMermaid(): string {
    return renderMermaid(this.model, this.title);
  }

  /** A self-contained SVG of both: new parts green with a plus, gone ones red and dashed with a minus. */
  public toSvg(): string {
    return renderSvg(this.model, this.title);
  }

  private get title(): string {
    return this.isEmpty ? 'Topology, unchanged' : `Topology, ${this.added.length} added, ${this.removed.length} removed`;
  }

  private lines(change: 'added' | 'removed'): string[] {
    const { components, connections } = this.model;
    const labels = new Map(components.map(({ id, label }) => [id, label]));
    return [
      ...components.filter((component) => component.change === change).map(({ label, id }) => `${label} (${id})`),
      ...connections
        .filter((connection) => connection.change === change)
        .map(({ client, server, protocol, dnsName, port }) => {
          const address = [dnsName, port].filter((part) => part !== undefined).join(':');
          return `${labels.get(client)} -> ${labels.get(server)}: ${[protocol, address].filter(Boolean).join(' ')}`;
        }),
    ];
  }
}
