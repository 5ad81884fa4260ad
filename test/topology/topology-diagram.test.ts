import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, CfnResource, Fn, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { geolocation, large, small } from './topologies';
import { ComponentKind, TopologyRecord } from '../../src/core/topology-record';
import { TopologyDiagram } from '../../src/topology/topology-diagram';

interface TopologyJson {
  version: number;
  title: string;
  components: { id: string; zone: string; label: string; details: string[] }[];
  connections: { client: string; server: string; protocol: string; dnsName?: string; port?: number }[];
}

const json = (app: App) => JSON.parse(TopologyDiagram.of(app).toJson()) as TopologyJson;
const zones = (app: App) => Object.fromEntries(json(app).components.map(({ id, zone }) => [id, zone]));

/** Throws unless tags nest; good enough for XML without CDATA and comments. */
function expectWellFormed(xml: string): void {
  const open: string[] = [];
  for (const [, close, name, empty] of xml.matchAll(/<(\/?)([A-Za-z]+)(?:\s[\w:-]+="[^"<]*")*(\/?)>/g)) {
    if (close) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name);
  }
  expect(open).toEqual([]);
  expect(xml.replace(/<\/?[A-Za-z]+(?:\s[\w:-]+="[^"<]*")*\/?>/g, '')).not.toMatch(/<|&(?!amp;|lt;|gt;|quot;)/);
}

describe('files', () => {
  let outdir: string;
  beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), 'topology-'))));
  afterEach(() => rmSync(outdir, { recursive: true }));

  const withConnection = (app: App) => {
    TopologyRecord.of(app).addComponent({ id: 'App', kind: ComponentKind.SERVICE, label: 'api', publicFacing: true });
    return app;
  };

  test('attach writes the three formats into the cloud assembly', () => {
    const app = withConnection(new App({ outdir }));
    const diagram = TopologyDiagram.attach(app, { title: 'Demo' });
    app.synth();
    expect(readFileSync(join(outdir, 'topology.json'), 'utf8')).toBe(diagram.toJson());
    expect(readFileSync(join(outdir, 'topology.mmd'), 'utf8')).toBe(diagram.toMermaid());
    expect(readFileSync(join(outdir, 'topology.svg'), 'utf8')).toBe(diagram.toSvg());
  });

  test('what is recorded after attach is in the files', () => {
    const app = new App({ outdir });
    TopologyDiagram.attach(app);
    withConnection(app);
    app.synth();
    expect(readFileSync(join(outdir, 'topology.mmd'), 'utf8')).toContain('n_App["api');
  });

  test('NU-13: the picture of a stage is in its own assembly, with the newest title, and draws that stage only', () => {
    const app = withConnection(new App({ outdir }));
    const stages = ['Dev', 'Prod'].map((name) => new Stage(app, name));
    stages.forEach((stage) =>
      TopologyRecord.of(app).addComponent({ id: `${stage.node.path}/Api`, kind: ComponentKind.SERVICE, label: 'x' }),
    );
    TopologyDiagram.attach(new Stack(stages[1], 'Stack'), { title: 'First' });
    TopologyDiagram.attach(stages[1], { title: 'Second' });
    app.synth();
    const { title, components } = JSON.parse(readFileSync(join(outdir, 'assembly-Prod', 'topology.json'), 'utf8'));
    expect([title, components.map(({ id }: { id: string }) => id)]).toEqual(['Second', ['Prod/Api']]);
    expect(existsSync(join(outdir, 'topology.svg'))).toBe(false);
  });

  test('of writes nothing and adds nothing to the tree', () => {
    const app = withConnection(new App({ outdir }));
    TopologyDiagram.of(app).toSvg();
    expect(app.node.children).toEqual([]);
    app.synth();
    expect(existsSync(join(outdir, 'topology.svg'))).toBe(false);
  });
});

describe('model', () => {
  test('each kind stands in its zone', () => {
    expect(zones(small())).toEqual({
      Internet: 'internet',
      'Voting/Alb': 'public',
      'Voting/Vote': 'private',
      'Voting/Result': 'private',
      'Voting/Worker': 'private',
      'Voting/Redis': 'data',
      'Voting/Db': 'data',
      'Voting/Uploads': 'aws',
      'api.example.com': 'outside',
    });
  });

  test('a public store is shown as public, a partner that only calls stands with the internet', () => {
    const app = new App();
    TopologyRecord.of(app).addComponent({ id: 'Db', kind: ComponentKind.DATABASE, label: 'db', publicFacing: true });
    TopologyRecord.of(app).addConnection({ client: 'partner.example.com', server: 'Db', protocol: 'postgres', port: 5432 });
    expect(zones(app)).toEqual({ Db: 'public', 'partner.example.com': 'internet' });
  });

  test('a client of what is private stands with it', () => {
    const app = new App();
    TopologyRecord.of(app).addComponent({ id: 'Alb', kind: ComponentKind.LOAD_BALANCER, label: 'alb' });
    TopologyRecord.of(app).addConnection({ client: '10.1.0.0/16', server: 'Alb', protocol: 'http', port: 80 });
    expect(zones(app)).toEqual({ Alb: 'private', '10.1.0.0/16': 'private' });
  });

  test('what is open to the world gets the internet in front of it', () => {
    expect(json(small()).connections[0]).toEqual({ client: 'Internet', server: 'Voting/Alb', protocol: 'public' });
  });

  test('a recorded internet is used as it is', () => {
    const { components, connections } = json(geolocation());
    expect(components.filter(({ zone }) => zone === 'internet')).toEqual([
      expect.objectContaining({ id: 'Internet', label: 'Users' }),
    ]);
    expect(connections.filter(({ client }) => client === 'Internet')).toHaveLength(1);
  });

  test('a call of something inside a component is a call of the component', () => {
    const app = geolocation();
    TopologyRecord.of(app).addConnection({
      client: 'Geo/Api/TaskDef',
      server: 'Geo/Gateway/Internal/Route',
      protocol: 'http',
      port: 81,
    });
    expect(json(app).connections.at(-1)).toEqual({ client: 'Geo/Api', server: 'Geo/Gateway/Internal', protocol: 'http', port: 81 });
  });

  test('tokens are resolved where they can be and left out where only CloudFormation knows', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const broken = Lazy.string({
      produce: () => {
        throw new Error('too early');
      },
    });
    const record = TopologyRecord.of(app);
    record.addComponent({
      id: 'Stack/Api',
      kind: ComponentKind.SERVICE,
      label: Lazy.string({ produce: () => 'api' }),
      details: [Fn.ref('X')],
    });
    record.addComponent({
      id: 'Stack/Web',
      kind: ComponentKind.SERVICE,
      label: new CfnResource(stack, 'R', { type: 'A::B::C' }).ref,
    });
    const connect = (dnsName: string, port: number) =>
      record.addConnection({ client: 'Stack/Web', server: 'Stack/Api', protocol: 'http', dnsName, port });
    connect(Lazy.string({ produce: () => 'api.local' }), Lazy.number({ produce: () => 8080 }));
    connect(Fn.getAtt('Lb', 'DNSName').toString(), 1);
    connect(broken, 2);

    const { components, connections } = json(app);
    expect(components).toEqual([
      expect.objectContaining({ label: 'api', details: [] }),
      expect.objectContaining({ label: 'Web', details: [] }),
    ]);
    expect(connections.map(({ dnsName, port }) => ({ dnsName, port }))).toEqual([
      { dnsName: 'api.local', port: 8080 },
      { dnsName: undefined, port: 1 },
      { dnsName: undefined, port: 2 },
    ]);
  });

  test('a name from another stack does not disturb synthesis', () => {
    const app = new App();
    const other = new CfnResource(new Stack(app, 'Other'), 'R', { type: 'A::B::C' });
    const stack = new Stack(app, 'Stack');
    new CfnOutput(stack, 'Out', { value: other.ref });
    TopologyRecord.of(app).addConnection({ client: 'Stack/Api', server: 'Other/R', protocol: 'http', dnsName: other.ref });
    TopologyDiagram.attach(app);
    expect(() => app.synth()).not.toThrow();
  });

  test('connections that differ only by a token that is left out are one', () => {
    const app = new App();
    for (const attribute of ['A', 'B']) {
      const dnsName = Fn.getAtt('Lb', attribute).toString();
      TopologyRecord.of(app).addConnection({ client: 'a', server: 'b', protocol: 'http', dnsName });
    }
    expect(json(app).connections).toHaveLength(1);
  });

  test('an empty app gives an empty but valid picture', () => {
    expect(json(new App())).toEqual({ version: 1, title: 'Service topology', components: [], connections: [] });
    expectWellFormed(TopologyDiagram.of(new App()).toSvg());
    expect(TopologyDiagram.of(new App()).toMermaid()).toBe('flowchart LR\n  accTitle: Service topology\n');
  });
});

test('Mermaid: the whole of GEO', () => {
  expect(TopologyDiagram.of(geolocation(), { title: 'Geolocation' }).toMermaid()).toBe(`flowchart LR
  accTitle: Geolocation
  subgraph zone_internet["Internet"]
    n_Internet(("Users<br/>Internet"))
  end
  subgraph zone_public["Public"]
    n_Geo_Gateway_External{{"External ALB<br/>Load balancer<br/>TLS 1.3, WAF"}}
  end
  subgraph zone_private["Private"]
    n_Geo_Gateway_Internal{{"Internal ALB<br/>Load balancer"}}
    n_Geo_Frontend["frontend<br/>Service<br/>EC2, 2-4 tasks"]
    n_Geo_Api["api<br/>Service<br/>EC2, 2-4 tasks"]
  end
  subgraph zone_data["Data"]
    n_Geo_Redis[("redis<br/>Valkey on EC2")]
  end
  n_Internet -->|"https geo.example.com:443"| n_Geo_Gateway_External
  n_Geo_Gateway_External -->|"http :8080"| n_Geo_Frontend
  n_Geo_Frontend -->|"http api.nidhin.local:80"| n_Geo_Gateway_Internal
  n_Geo_Gateway_Internal -->|"http :8080"| n_Geo_Api
  n_Geo_Api -->|"redis redis.nidhin.local:6379"| n_Geo_Redis
`);
});

test('Mermaid: ids that would fall together stay apart, markup is escaped', () => {
  const app = new App();
  TopologyRecord.of(app).addConnection({ client: 'a-b', server: 'a/b', protocol: '"]#<x>`' });
  const mermaid = TopologyDiagram.of(app).toMermaid();
  expect(mermaid).toContain('n_a_b_2>"a/b');
  expect(mermaid).toContain('n_a_b -->|"#quot;]#35;#lt;x#gt;#96;"| n_a_b_2');
});

describe('SVG', () => {
  test.each([geolocation, small, large])('%p is well-formed, titled and described, and the same every time', (make) => {
    const svg = TopologyDiagram.of(make(), { title: 'A & B' }).toSvg();
    expectWellFormed(svg);
    expect(svg).toContain('role="img" aria-labelledby="topology-title topology-desc"');
    expect(svg).toContain('<title id="topology-title">A &amp; B</title>');
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
    expect(svg).toBe(TopologyDiagram.of(make(), { title: 'A & B' }).toSvg());
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('says every connection in words, and every component as text', () => {
    const svg = TopologyDiagram.of(geolocation()).toSvg();
    expect(svg).toContain('6 components, 5 connections. Users calls External ALB over https as geo.example.com on port 443.');
    for (const words of ['redis.nidhin.local', 'REDIS :6379', 'api.nidhin.local', 'Internal ALB', 'LOAD BALANCER', 'PRIVATE']) {
      expect(svg).toMatch(new RegExp(`<text [^>]+>${words}</text>`));
    }
  });

  test('a hostile label stays text', () => {
    const app = new App();
    TopologyRecord.of(app).addComponent({
      id: 'x',
      kind: ComponentKind.SERVICE,
      label: '<b>"&\u0000',
      details: ['</svg><script>'],
    });
    const svg = TopologyDiagram.of(app).toSvg();
    expectWellFormed(svg);
    expect(svg).toContain('&lt;b&gt;&quot;&amp; </text>');
    expect(svg).not.toContain('<script>');
  });

  test('details are wrapped between words, and leave out what the address says', () => {
    const app = new App();
    const details = ['HTTP :80', 'ElastiCache Valkey 8.1, 2 x cache.t4g.micro'];
    TopologyRecord.of(app).addComponent({ id: 'b', kind: ComponentKind.SERVICE, label: 'b', details });
    TopologyRecord.of(app).addConnection({ client: 'a', server: 'b', protocol: 'http', port: 80 });
    const lines = [
      ...TopologyDiagram.of(app)
        .toSvg()
        .matchAll(/class="(?:detail|address)"[^>]*>([^<]*)</g),
    ].map(([, line]) => line);
    expect(lines).toEqual(['HTTP :80', 'ElastiCache Valkey 8.1, 2 x', 'cache.t4g.micro']);
  });

  test('long names are shortened in the middle and kept whole in the description', () => {
    const app = new App();
    const dnsName = `internal-${'x'.repeat(60)}.eu-west-1.elb.amazonaws.com`;
    TopologyRecord.of(app).addConnection({ client: 'a', server: 'b', protocol: 'http', dnsName });
    const svg = TopologyDiagram.of(app).toSvg();
    expect(svg).toContain('internal-xxxxxxxx…lb.amazonaws.com</text>');
    expect(svg).toContain(`as ${dnsName}.`);
  });
});
