import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import * as ts from 'typescript';
import { ROOTS } from './roots';
import { COVERED, canBeHostile, sample } from './values';
import { faultOf, faultOfRefusal } from './verdict';

/** `FUZZ_SEED=<the number in a title> FUZZ_RUNS=84` replays a run. */
const SEED = Number(process.env.FUZZ_SEED ?? 7);
const RUNS = Number(process.env.FUZZ_RUNS ?? 84);

/**
 * Public structs without arbitraries: what the library returns, what bridges its features, and what tools of a synthesised app take.
 */
const NOT_FUZZED = [
  'AlarmOverride',
  'BoundNetwork',
  'CalledPort',
  'CognitoOptions',
  'ContainerRedisProps',
  'CostLine',
  'CostReportProps',
  'Destination',
  'Ec2CapacityProps',
  'Ec2HostRedisProps',
  'ElastiCacheRedisProps',
  'EndpointAcknowledgement',
  'EndpointBinding',
  'EndpointFacts',
  'EndpointReach',
  'ExistingNetworkOptions',
  'GeolocationPageOptions',
  'GeolocationReferenceAppProps',
  'GeolocationUpstream',
  'Holder',
  'HostImageConfig',
  'HostKind',
  'ImageReleaseOptions',
  'JobProps',
  'ListenerCertificates',
  'ManagedInstancesProps',
  'MeshServiceProps',
  'MetricAlarm',
  'Moment',
  'MonthlyUsage',
  'NatConfig',
  'ObservedComponent',
  'ObservedMetric',
  'ParameterEndpointOptions',
  'ReachabilityProps',
  'ReachablePair',
  'RedisBackedEcsServiceProps',
  'RouteAttachment',
  'RouteRequest',
  'ServerlessRedisProps',
  'SignInOptions',
  'StrictComplianceOptions',
  'TopologyComponent',
  'TopologyConnection',
  'TopologyDiagramProps',
  'UnknownValue',
];

/** Props that a case makes for itself, or of which nothing can be wrong that the library could see. */
const NOT_GIVEN = [
  'actions',
  'mesh',
  'network',
  'target',
  'encryptionKey',
  'alarms',
  'image',
  'securityGroup',
  'sslPolicy',
  'taskRole',
  'executionRole',
  'logGroup',
];

describe(`hostile input, FUZZ_SEED=${SEED}`, () => {
  test.each(Object.keys(ROOTS))(
    '%s: a clean template, or an error of ours',
    (key) => {
      const root = ROOTS[key];
      const { good } = root.props;
      const any = canBeHostile(root.props)
        ? fc.oneof({ weight: 1, arbitrary: good }, { weight: 3, arbitrary: root.props.hostile })
        : good;
      const check = fc.property(any, (one) => expect(faultOf(root, one)).toBeUndefined());
      fc.assert(check, { seed: SEED, numRuns: RUNS });
    },
    300_000,
  );

  test('there are 2000 cases at least', () => {
    expect(Object.keys(ROOTS).length * 84).toBeGreaterThanOrEqual(2000);
  });
});

test('every public prop has an arbitrary', () => {
  const missing = publicProps().filter(
    ([type, prop]) => !COVERED.get(type)?.has(prop) && !NOT_FUZZED.includes(type) && !NOT_GIVEN.includes(prop),
  );
  expect(missing.map(([type, prop]) => `${type}.${prop}`)).toEqual([]);
});

test.each(['TypeError: x is not a function', 'Resolution error: no', '`a` must b; c [Unheard at A]', '`a` must b, got null'])(
  'is no documented error: %s',
  (text) => expect(faultOfRefusal(text)).toBeDefined(),
);

test('what changes nothing in the template is reported', () => {
  const nothing = { props: { good: fc.constant(sample('', () => 1)) }, build: () => undefined };
  expect(
    faultOf(
      nothing,
      sample(
        'x',
        () => 1,
        () => 2,
      ),
    ),
  ).toBe('dropped without a word');
});

/** Props of the structs of the public files, from their source. */
function publicProps(): [string, string][] {
  const root = join(__dirname, '../../src');
  const index = readFileSync(join(root, 'index.ts'), 'utf8');
  return [...index.matchAll(/'(\.\/[^']+)'/g)].flatMap(([, file]) => {
    const path = join(root, `${file}.ts`);
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    const structs = source.statements
      .filter(ts.isInterfaceDeclaration)
      .filter(
        ({ name, modifiers }) => !/^I[A-Z]/.test(name.text) && modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
      );
    return structs.flatMap(({ name, members }) =>
      members.filter(ts.isPropertySignature).map((each): [string, string] => [name.text, each.name.getText()]),
    );
  });
}
