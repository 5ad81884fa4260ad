import { merge, parseTopology } from './private/compare';
import { markOf } from './private/labels';
import { renderMermaid } from './private/mermaid';
import { renderSvg } from './private/svg';
import { TopologyModel } from './private/topology-model';
import { guard } from '../core/private/guard';

/**
 * The changes between two versions of an app: the connections that were added, and those that were removed.
 *
 * It compares the `topology.json` files that `TopologyDiagram.attach` writes into two cloud assemblies, such as those of the main branch
 * and of a pull request. A connection is unchanged if its client, server, protocol, DNS name and port are.
 *
 * @example
 * const before = '{"version":1,"components":[],"connections":[]}'; // of main/cdk.out/topology.json
 * const after = TopologyDiagram.of(this).toJson();
 * const markdown = TopologyDiff.of(before, after).toMarkdown();
 */
export class TopologyDiff {
  /**
   * Compares two topologies.
   *
   * @param before content of the earlier `topology.json`
   * @param after content of the later `topology.json`
   */
  public static of(before: string, after: string): TopologyDiff {
    return new TopologyDiff(merge(parseTopology('before', before), parseTopology('after', after)));
  }

  private constructor(private readonly model: TopologyModel) {}

  /** Indicates whether both versions are the same, apart from details such as numbers of tasks. */
  public get isEmpty(): boolean {
    return this.added.length + this.removed.length === 0;
  }

  /** The additions, one per line: `redis` or `api -> redis: redis redis.care-ns:6379`. */
  public get added(): string[] {
    return this.lines('added');
  }

  /** The removals, one per line. */
  public get removed(): string[] {
    return this.lines('removed');
  }

  /** Returns a Markdown list for a pull request, with removals first. */
  public toMarkdown(): string {
    if (this.isEmpty) return 'The topology is unchanged.\n';
    const say = (change: 'added' | 'removed') => this.lines(change).map((line) => `- ${markOf(change)}${line}`);
    return [...say('removed'), ...say('added'), ''].join('\n');
  }

  /** Returns a Mermaid flowchart of both versions, with additions and removals marked. */
  public toMermaid(): string {
    return renderMermaid(this.model, this.title);
  }

  /** Returns a self-contained SVG of both versions: additions in green with a plus, removals in red and dashed with a minus. */
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

guard({ TopologyDiff });
