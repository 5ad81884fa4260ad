import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { FargateTaskDefinition, FargateService, Cluster, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AccessLogs, Compliance, Waf } from 'cdk-ecs-mesh';
import { markdownTable } from 'markdown-table';
import { findingsOfExample, SETTINGS } from './examples';
import { CHOICES, gatewayWith } from './matrix';
import { Finding, findingsOf, inWords, PACKS } from './packs';
import { STANDARD_ONLY, VALUE_CLASSES } from './value-classes';
import { COMBINATIONS, shop } from '../shop';

const PAGE = join(__dirname, '..', '..', 'docs', 'compliance.md');
const strict = Compliance.strict();

describe('strict compliance leaves no finding in five packs', () => {
  test.each(SETTINGS)('in the %s example with %j', (name, settings) => {
    expect(inWords(findingsOfExample(name, settings, true))).toEqual([]);
  });

  test.each(COMBINATIONS)('in a shop on %s with %s', (compute, store) => {
    expect(inWords(findingsOf(shop(compute, store, { inOneStack: true, compliance: strict })))).toEqual([]);
  });

  test.each(COMBINATIONS.filter(([compute]) => /Fargate|bridge/.test(compute)))(
    'in five stacks on %s with %s',
    (compute, store) => {
      expect(inWords(findingsOf(shop(compute, store, { inOneStack: false, compliance: strict })))).toEqual([]);
    },
  );

  const choices = { ...CHOICES, ...VALUE_CLASSES };

  test.each(Object.keys(choices))('in %s', (choice) => {
    expect(inWords(findingsOf(choices[choice](strict)))).toEqual([]);
  });
});

describe('without it nothing is found by AwsSolutions and EcsMesh', () => {
  const choices = { ...CHOICES, ...VALUE_CLASSES, ...STANDARD_ONLY };

  test.each(Object.keys(choices))('in %s', (choice) => {
    const app = choices[choice](Compliance.standard());
    expect(inWords(findingsOf(app, ['AwsSolutions', 'EcsMesh']))).toEqual([]);
  });
});

describe('the packs see what is wrong', () => {
  test.each(Object.keys(PACKS))('%s', (pack) => {
    const stack = new Stack(new App(), 'Plain');
    new Bucket(stack, 'Bucket');
    const cluster = new Cluster(stack, 'Cluster');
    const taskDefinition = new FargateTaskDefinition(stack, 'Task');
    taskDefinition.addContainer('web', { image: ContainerImage.fromRegistry('my/web') });
    new FargateService(stack, 'Service', { cluster, taskDefinition });
    expect(findingsOf(stack.node.root as App).filter((finding) => finding.pack === pack)).not.toEqual([]);
  });

  test('a gateway that was told to do without', () => {
    const found = findingsOf(gatewayWith(Waf.none(), AccessLogs.none())(strict));
    expect(new Set(found.map(({ rule }) => rule))).toEqual(new Set(['ALBWAFEnabled', 'ELB2', 'ELBLoggingEnabled']));
  });
});

describe('docs/compliance.md', () => {
  const findings = () =>
    SETTINGS.map(([name, settings]): [string, Finding[]] => [label(name, settings), findingsOfExample(name, settings, false)]);
  const measured = findings();

  test('has the findings of the examples without it; UPDATE_COMPLIANCE=1 writes them', () => {
    const table = render(measured);
    const page = readFileSync(PAGE, 'utf8');
    const written = page.replace(/(<!-- findings -->\n)[^]*(<!-- end -->)/, `$1\n${table}\n\n$2`);
    if (process.env.UPDATE_COMPLIANCE) writeFileSync(PAGE, written);
    expect(compact(readFileSync(PAGE, 'utf8'))).toContain(compact(table));
  });

  test('says of each of their rules what is done about it', () => {
    const rules = new Set(measured.flatMap(([, found]) => found.map(({ rule }) => rule)));
    const page = readFileSync(PAGE, 'utf8');
    expect([...rules].filter((rule) => !page.includes(`| \`${rule}\``))).toEqual([]);
  });
});

function label(name: string, settings: Record<string, string>): string {
  const words = Object.entries(settings).map(([key, value]) => `${key} ${value}`);
  return words.length > 0 ? `${name}: ${words.join(', ')}` : name;
}

/** One row for an example, one column for a pack. */
function render(examples: [string, Finding[]][]): string {
  const packs = Object.keys(PACKS);
  const rows = examples.map(([example, found]) => [
    example,
    ...packs.map((pack) => `${found.filter((f) => f.pack === pack).length}`),
  ]);
  return markdownTable([['example', ...packs], ...rows], { alignDelimiters: false });
}

/** Without the spaces by which a formatter aligns columns. */
const compact = (text: string) => text.replace(/ +/g, ' ').replace(/-+ \|/g, '- |');
