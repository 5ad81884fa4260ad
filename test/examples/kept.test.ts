import { readFileSync } from 'fs';
import { join } from 'path';
import { Kept, inTheWay, keptIn, keptOf } from './kept';
import { exampleNames, loadExample } from '../example-apps';

const ZONE = { zoneName: 'demo.example', zoneId: 'Z00000000000000DEMO' };

/** The modes in which something is kept. */
const MODES: Record<string, Record<string, string>> = {
  'by default': {},
  strict: { compliance: 'strict', ...ZONE },
};
const cases = exampleNames.flatMap((name) => Object.keys(MODES).map((mode) => [name, mode]));

function load(name: string, mode: string) {
  return loadExample(name, { ...MODES[mode], ...(name === 'flask-nginx' ? { profile: 'production' } : {}) });
}

/** Named by the user, for what lies in it is his: a repository of images. The records of ECS Exec are named in roles of other stacks. */
const isKnown = ({ id, type }: Kept) => type === 'AWS::ECR::Repository' || /MeshExecLogs/.test(id);

describe('DT-51: a stack that was deleted can be made again', () => {
  test.each(cases)('T35: %s %s: nothing is kept under a name that the next one wants', (name, mode) => {
    const kept = keptOf(load(name, mode)).filter((one) => !isKnown(one));
    expect(kept.length).toBeGreaterThan(0);
    expect(inTheWay(kept)).toEqual([]);
  });

  test('T35: the search is not blind', () => {
    const group = { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'RetainExceptOnCreate' };
    const kept = keptIn({
      Fixed: { ...group, Properties: { LogGroupName: '/ecs/shop' } },
      Own: { ...group, Properties: { LogGroupName: { 'Fn::Sub': '/ecs/shop-${AWS::StackId}' } } },
      Unnamed: group,
      Gone: { ...group, DeletionPolicy: 'Delete', Properties: { LogGroupName: '/ecs/shop' } },
    });
    expect(inTheWay(kept)).toEqual(['Fixed "/ecs/shop"']);
  });
});

/** A page of the documentation in one line. */
const page = (...path: string[]) => readFileSync(join(__dirname, '..', '..', ...path), 'utf8').replace(/\s+/g, ' ');

test.each([
  'validation record',
  'AWSLogDeliveryWrite20150319',
  '/aws/lambda/<stack>-',
  '/aws/ecs/containerinsights/<cluster>/performance',
])('DT-53: docs/deploying.md says that %s stays', (what) =>
  expect(page('docs', 'deploying.md').split('## 7. Destroy')[1]).toContain(what),
);

test('DT-31, DT-32: what takes two deployments, or a look before one, is said', () => {
  expect(page('docs', 'compute.md')).toContain('are taken away in two deployments: first the service moves');
  expect(page('examples', 'platform', 'README.md')).toContain('a new rule gets the weights of the template');
});
