import { App } from 'aws-cdk-lib';
import { TopologyDiagram, TopologyDiff } from 'cdk-ecs-mesh';
import { earlier, small } from './topologies';

const json = (app: App) => TopologyDiagram.of(app).toJson();
const diff = TopologyDiff.of(json(earlier()), json(small()));

test('an unchanged app has no differences, and no marks', () => {
  const same = TopologyDiff.of(json(small()), json(small()));
  expect([same.isEmpty, same.toMarkdown()]).toEqual([true, 'The topology is unchanged.\n']);
  expect(same.toSvg()).not.toMatch(/added|removed/);
  expect(same.toMermaid()).not.toMatch(/added|removed/);
});

test('what is new and what is gone is listed', () => {
  expect(diff.added).toEqual(['uploads (Voting/Uploads)', 'result -> uploads: s3']);
  expect(diff.removed).toEqual(['mail (Voting/Mail)', 'worker -> mail: smtp mail.example.com:587']);
  expect(diff.toMarkdown().split('\n')[0]).toBe('- − mail (Voting/Mail)');
});

test('the picture marks both by sign, by dashes and by colour, and says it in words', () => {
  const svg = diff.toSvg();
  expect(svg).toMatch(/<g class="aws-api added">.*?\+ AWS API/);
  expect(svg).toMatch(/<g class="external removed">.*?− EXTERNAL/);
  expect(svg.match(/class="line \S+ (added|removed)"/g)!.length).toBeGreaterThanOrEqual(2);
  expect(svg).toContain('Added: result calls uploads over s3.');
  expect(svg).toContain('<title id="topology-title">Topology, 2 added, 2 removed</title>');
});

test('Mermaid styles the changed nodes and links', () => {
  const mermaid = diff.toMermaid();
  expect(mermaid).toMatch(/\+ uploads.*:::added/);
  expect(mermaid).toMatch(/^ {2}linkStyle \d+ stroke:#b3261e/m);
});

/** `small` without its bucket. */
function smaller(): string {
  const { version, components, connections } = JSON.parse(json(small()));
  const isOther = (id: string) => id !== 'Voting/Uploads';
  return JSON.stringify({
    version,
    components: components.filter(({ id }: { id: string }) => isOther(id)),
    connections: connections.filter(({ server }: { server: string }) => isOther(server)),
  });
}

test.each([
  ['removes', json(small()), smaller(), { added: 0, removed: 2 }, '- − uploads (Voting/Uploads)\n- − result -> uploads: s3\n'],
  ['adds', smaller(), json(small()), { added: 2, removed: 0 }, '- + uploads (Voting/Uploads)\n- + result -> uploads: s3\n'],
])('a difference that only %s', (_, before, after, { added, removed }, markdown) => {
  const one = TopologyDiff.of(before, after);
  expect([one.isEmpty, one.added.length, one.removed.length]).toEqual([false, added, removed]);
  expect(one.toMarkdown()).toBe(markdown);
  expect(one.toSvg()).toContain(`<title id="topology-title">Topology, ${added} added, ${removed} removed</title>`);
});

test('a call by another address is one gone and one new', () => {
  const moved = json(small()).replace('"port": 6379', '"port": 6380');
  const { added, removed } = TopologyDiff.of(json(small()), moved);
  expect([removed, added]).toEqual([['vote -> redis: redis 6379'], ['vote -> redis: redis 6380']]);
});

test.each([
  ['before', 'no JSON', '"no JSON"'],
  ['before', '{"version":2}', '"{\\"version\\":2}"'],
  ['after', 'null', '"null"'],
])('%s: %s is refused', (which, text, got) => {
  const [before, after] = which === 'before' ? [text, json(small())] : [json(small()), text];
  expect(() => TopologyDiff.of(before, after)).toThrow(
    `\`${which}\` must be the content of a topology.json of version 1, got ${got}; TopologyDiagram.attach(app) writes one [TopologyUnreadable at TopologyDiff]`,
  );
});

test('the same comparison gives the same bytes', () => {
  expect(TopologyDiff.of(json(earlier()), json(small())).toSvg()).toBe(diff.toSvg());
});
