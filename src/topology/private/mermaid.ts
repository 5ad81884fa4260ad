import { describeKind, describeZone, markOf } from './labels';
import { Change, ModelComponent, ModelConnection, TopologyModel, ZONES } from './topology-model';
import { ComponentKind } from '../../core/topology-record';

/** The opening and closing delimiters of each kind's shape. */
const SHAPES: Record<ComponentKind, [string, string]> = {
  [ComponentKind.INTERNET]: ['((', '))'],
  [ComponentKind.DISTRIBUTION]: ['{{', '}}'],
  [ComponentKind.LOAD_BALANCER]: ['{{', '}}'],
  [ComponentKind.SERVICE]: ['[', ']'],
  [ComponentKind.REDIS]: ['[(', ')]'],
  [ComponentKind.DATABASE]: ['[(', ')]'],
  [ComponentKind.AWS_API]: ['([', '])'],
  [ComponentKind.EXTERNAL]: ['>', ']'],
};

/** Renders a flowchart with one subgraph per zone. */
export function renderMermaid(model: TopologyModel, title: string): string {
  const ids = nodeIds(model.components);
  const zones = ZONES.map((zone) => ({ zone, members: model.components.filter((component) => component.zone === zone) }));
  return [
    'flowchart LR',
    `  accTitle: ${oneLine(title)}`,
    ...zones
      .filter(({ members }) => members.length > 0)
      .flatMap(({ zone, members }) => [
        `  subgraph zone_${zone}["${escape(describeZone(zone))}"]`,
        ...members.map(
          (component) => `    ${ids.get(component.id)}${shape(component)}${component.change ? `:::${component.change}` : ''}`,
        ),
        '  end',
      ]),
    ...model.connections.map((c) => `  ${ids.get(c.client)} -->|"${escape(address(c))}"| ${ids.get(c.server)}`),
    ...changeStyles(model),
    '',
  ].join('\n');
}

const STYLES: Record<Change, string> = {
  added: 'stroke:#137a3e,stroke-width:2px',
  removed: 'stroke:#b3261e,stroke-width:2px,stroke-dasharray:6 4',
};

function changeStyles({ components, connections }: TopologyModel): string[] {
  return (['added', 'removed'] as const).flatMap((change) => {
    const links = connections.flatMap((connection, i) => (connection.change === change ? [i] : []));
    const nodes = components.some((component) => component.change === change);
    return [
      ...(nodes ? [`  classDef ${change} ${STYLES[change]}`] : []),
      ...(links.length > 0 ? [`  linkStyle ${links.join(',')} ${STYLES[change]}`] : []),
    ];
  });
}

function shape({ kind, label, details, change }: ModelComponent): string {
  const [open, close] = SHAPES[kind];
  const caption = describeKind(kind);
  const lines = [`${markOf(change)}${label}`, ...(label.toLowerCase() === caption.toLowerCase() ? [] : [caption]), ...details];
  return `${open}"${lines.map(escape).join('<br/>')}"${close}`;
}

function address({ protocol, dnsName, port, change }: ModelConnection): string {
  return [`${markOf(change)}${protocol}`, `${dnsName ?? ''}${port === undefined ? '' : `:${port}`}`]
    .filter((part) => part !== '')
    .join(' ');
}

/** Returns IDs that additions elsewhere do not change, so that a change of the app is a small change of the file. */
function nodeIds(components: ModelComponent[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    components.map(({ id }) => {
      const base = `n_${id.replace(/[^A-Za-z0-9]+/g, '_')}`;
      let name = base;
      for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
      taken.add(name);
      return [id, name];
    }),
  );
}

/** Escapes text in Mermaid's entity syntax; `#` first, because it starts an entity. */
function escape(text: string): string {
  return oneLine(text)
    .replace(/#/g, '#35;')
    .replace(/"/g, '#quot;')
    .replace(/</g, '#lt;')
    .replace(/>/g, '#gt;')
    .replace(/`/g, '#96;');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
