import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { markdownTable } from 'markdown-table';
import { Kept, inTheWay, inWords, keptIn, keptOf } from './kept';
import { exampleNames, loadExample, wholeExamples } from '../example-apps';
import { refusals, resourcesOf } from './proofs/leftovers';

const ZONE = { zoneName: 'demo.example', zoneId: 'Z00000000000000DEMO' };

const MODES: Record<string, Record<string, string>> = {
  default: {},
  development: { mode: 'development' },
  strict: { compliance: 'strict', ...ZONE },
};
/** Those in which something is kept. */
const cases = wholeExamples.flatMap((name) => ['default', 'strict'].map((mode) => [name, mode]));

/** One example has a stack for each of its modes, and its repositories and role only with a GitHub repository. */
function load(name: string, mode: string) {
  const flask = { profile: mode === 'development' ? mode : 'production', github: 'acme/links' };
  return loadExample(name, { ...MODES[mode], ...(name === 'flask-nginx' ? flask : {}) });
}

/** Named by the user, for what lies in it is his: a repository of images. The records of ECS Exec are named in roles of other stacks. */
const isKnown = ({ id, type }: Kept) => type === 'AWS::ECR::Repository' || /MeshExecLogs/.test(id);

describe('DT-51: a stack that was deleted can be made again', () => {
  test.each(cases)('T35: %s %s: nothing is kept under a name that the next one wants', (name, mode) => {
    const kept = keptOf(load(name, mode)).filter((one) => !isKnown(one));
    expect(kept.length).toBeGreaterThan(0);
    expect(inTheWay(kept)).toEqual([]);
  });

  test.each(cases)('%s %s: what has a name has a literal one, as an import of existing resources requires', (name, mode) => {
    const named = keptOf(load(name, mode)).filter((one) => inTheWay([one]).length > 0);
    expect(named.filter((one) => !/^"[\w/.-]+"$/.test(one.name!))).toEqual([]);
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

const PAGE = join(__dirname, '..', '..', 'docs', 'deploying.md');
const COLUMNS = ['refuses to be deleted', 'left by `cdk destroy`', 'left by a first deployment that was rolled back'];

describe('docs/deploying.md', () => {
  const rows = exampleNames.flatMap((name) => Object.keys(MODES).map((mode) => row(name, mode)));

  test('says what each example leaves behind in each mode; UPDATE_KEPT=1 writes it', () => {
    const table = markdownTable([['example', 'mode', ...COLUMNS], ...rows], { alignDelimiters: false });
    const read = () => readFileSync(PAGE, 'utf8');
    if (process.env.UPDATE_KEPT) writeFileSync(PAGE, read().replace(/(<!-- kept -->\n)[^]*(<!-- end -->)/, `$1\n${table}\n\n$2`));
    const compact = (text: string) => text.replace(/ +/g, ' ').replace(/-+ \|/g, '- |');
    expect(compact(read())).toContain(compact(table));
  });

  test('DT-68: nothing but snapshots outlives a first deployment that failed', () => {
    const left = rows.map(([name, mode, , , failed]) => [name, mode, failed]);
    expect(left.filter(([, , failed]) => failed !== 'nothing' && /(^|, )\d+ `/.test(failed))).toEqual([]);
  });

  test('T24: development leaves nothing and refuses nothing', () => {
    const development = rows.filter(([, mode]) => mode === 'development');
    expect(development.map((cells) => cells.slice(2))).toEqual(exampleNames.map(() => Array(3).fill('nothing')));
  });
});

function row(name: string, mode: string): string[] {
  const app = load(name, mode);
  const refused = Object.entries(refusals(resourcesOf(app))).map(([type, count]) => `${count} \`${type}\``);
  const kept = keptOf(app);
  return [name, mode, refused.join(', ') || 'nothing', inWords(kept), inWords(kept.filter((one) => one.outlivesFailure))];
}

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
