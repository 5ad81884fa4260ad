import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Task } from '../ecs/task';
import { LiveReport } from '../report/live-report';
import { rowsOf } from '../report/rows';
import { times } from '../report/summary';
import { fitting, renderTable, Row } from '../report/table';
import { TaskLogs } from '../report/task-logs';
import { Board, Terminal } from '../report/terminal';
import { LocalRun } from '../run/local-run';

const row = (component: string, state = 'running', lives = true): Row => ({ component, address: '127.0.0.1:80', state, lives });

/** A terminal of a size, with what a person sees in it: escape sequences are carried out. */
class Screen implements Terminal {
  public lines: string[] = [];
  public readonly written: string[] = [];

  constructor(
    public readonly isTTY: boolean,
    public readonly columns = 80,
    public readonly rows = 24,
  ) {}

  public write(text: string): void {
    this.written.push(text);
    const up = /^\x1b\[(\d+)A\r\x1b\[0J/.exec(text);
    if (up) this.lines = this.lines.slice(0, -Number(up[1]));
    this.lines.push(
      ...text
        .slice(up?.[0].length ?? 0)
        .split('\n')
        .slice(0, -1),
    );
  }
}

describe('the table of a run', () => {
  test('lines longer than the window are cut, so that each stays one line', () => {
    const table = renderTable([row('task Api-1', 'x'.repeat(200))], 60).split('\n');
    expect(table.every((line) => line.length <= 60)).toBe(true);
    expect(table[1].endsWith('…')).toBe(true);
    expect(renderTable([row('task Api-1', 'x'.repeat(200))])).toContain('x'.repeat(200));
  });

  test('a narrow window shows the beginning of each component and of each state', () => {
    const table = renderTable([row('task Frontend-1 (EC2 i-local1, bridge)', 'running, container healthy, target healthy')], 80);
    expect(table.split('\n')[1]).toBe(
      'task Frontend-1 (EC2 i-…  127.0.0.1:80  running, container healthy, target heal…'.padEnd(80),
    );
    expect(renderTable([row('task Frontend-1 (EC2 i-local1, bridge)')], 80)).toContain('bridge)  127.0.0.1:80  running');
  });

  test('more rows than the window has are counted, not scrolled away', () => {
    const rows = Array.from({ length: 50 }, (_, i) => row(`task Api-${i}`));
    expect(fitting(rows, 10)).toHaveLength(10);
    expect(fitting(rows, 10)[9].component).toBe('41 more in a higher window');
    expect(fitting(rows, 50)).toEqual(rows);
  });

  test('thirty tasks of a service are rows of their states: the one that is different is seen', () => {
    const states = Array.from({ length: 30 }, (_, i) => (i === 17 ? 'UNHEALTHY' : 'HEALTHY'));
    const rows = rowsOf(runWith('Api', states));
    expect(rows.map(({ component, state }) => `${component}: ${state}`)).toEqual([
      '29 of 30 tasks of Api (Fargate, awsvpc): running, container healthy',
      '1 of 30 tasks of Api (Fargate, awsvpc): running, container unhealthy',
    ]);
  });

  test('a few tasks have a row each', () => {
    expect(rowsOf(runWith('Api', ['HEALTHY', 'UNHEALTHY'])).map(({ component }) => component)).toEqual([
      'task Api-1 (Fargate, awsvpc)',
      'task Api-2 (Fargate, awsvpc)',
    ]);
  });
});

describe('in a terminal', () => {
  test('states change in place, and what is said stands above them', () => {
    const screen = new Screen(true);
    const live = new LiveReport(screen);
    let state = 'starting';
    live.follow(() => [row('task Api-1', state)]);
    live.refresh();
    state = 'running';
    live.say('an event');
    live.refresh();
    live.end();
    expect(screen.lines.filter((line) => line.includes('task Api-1'))).toEqual(['task Api-1  127.0.0.1:80  running']);
    expect(screen.lines[0]).toBe('an event');
  });

  test('nothing is drawn where nothing has changed', () => {
    const screen = new Screen(true);
    const live = new LiveReport(screen);
    live.follow(() => [row('task Api-1')]);
    live.refresh();
    live.refresh();
    live.end();
    expect(screen.written).toHaveLength(1);
  });

  test('the table is never higher than the window', () => {
    const screen = new Screen(true, 80, 12);
    const live = new LiveReport(screen);
    live.follow(() => Array.from({ length: 40 }, (_, i) => row(`task Api-${i}`)));
    live.refresh();
    live.end();
    expect(screen.lines.length).toBeLessThan(12);
  });

  test.each([
    ['  one two three', 9, '  one two\n    three'],
    ['one two three', 4, 'one\n  two\n  three'],
    ['one', 2, 'one'],
    ['unbreakable', 5, 'unbreakable'],
    ['one two', 80, 'one two'],
  ])('%j is broken between words in %i columns', (sentence, columns, lines) => {
    const screen = new Screen(true, columns);
    new LiveReport(screen).tell(sentence);
    expect(screen.lines.join('\n')).toBe(lines);
  });

  test('a board that is released stays', () => {
    const screen = new Screen(true);
    const board = new Board(screen);
    board.show('one\ntwo');
    board.release();
    board.show('three');
    expect(screen.lines).toEqual(['one', 'two', 'three']);
  });
});

describe('where lines cannot be drawn again', () => {
  test('each change is a plain line, without escape sequences; what never changes is left to the table', () => {
    const screen = new Screen(false);
    const live = new LiveReport(screen);
    let rows = [row('task Api-1', 'starting'), row('name api.local', 'resolves inside', false)];
    live.follow(() => rows);
    live.refresh();
    rows = [row('task Api-1', 'running')];
    live.refresh();
    live.refresh();
    rows = [];
    live.refresh();
    live.end();
    expect(screen.lines.map((line) => line.replace(/^ *[\d.]+ s {2}/, ''))).toEqual([
      'task Api-1: starting',
      'task Api-1: running',
      'task Api-1: gone',
    ]);
    expect(screen.written.join('')).not.toContain('\x1b');
  });

  test('the whole table comes after the last change, and a sentence is not broken', () => {
    const screen = new Screen(false, 10);
    const live = new LiveReport(screen);
    live.follow(() => [row('task Api-1')]);
    live.whole();
    live.tell('longer than ten columns');
    expect(screen.lines[0]).toMatch(/task Api-1: running$/);
    expect(screen.lines.slice(1, 3)).toEqual(['', expect.stringMatching(/^COMPONENT/)]);
    expect(screen.lines.at(-1)).toBe('longer than ten columns');
    live.end();
  });
});

describe('logs by task', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'logs-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const append = (name: string, text: string | Buffer) => fs.appendFileSync(path.join(folder, name), text);
  function follow(...wanted: string[]): [TaskLogs, string[]] {
    const said: string[] = [];
    return [new TaskLogs(folder, wanted, (line) => said.push(line)), said];
  }

  test('each line stands behind its task and container, once and whole', () => {
    const [logs, said] = follow('api');
    append('Api-1.api.log', 'first\nsec');
    append('Worker-1.worker.log', 'not asked for\n');
    logs.poll();
    append('Api-1.api.log', 'ond\n');
    logs.poll();
    logs.poll();
    expect(said).toEqual(['Api-1.api | first', 'Api-1.api | second']);
  });

  test('a letter of several bytes that is cut between two reads is whole', () => {
    const [logs, said] = follow('all');
    const bytes = Buffer.from('Zürich\n');
    append('Api-1.api.log', bytes.subarray(0, 2));
    logs.poll();
    append('Api-1.api.log', bytes.subarray(2));
    logs.poll();
    expect(said).toEqual(['Api-1.api | Zürich']);
  });
});

test('the time of a start is told with its larger parts', () => {
  const laps = [
    { what: 'Redis', ms: 240 },
    { what: 'PostgreSQL', ms: 3 },
    { what: 'tasks', ms: 2600 },
  ];
  expect(times(laps, 3100)).toBe('Ready after 3.1 s: Redis 0.2 s, tasks 2.6 s');
});

/** A run that has one service whose tasks are as healthy as told, and nothing else. */
function runWith(label: string, healths: readonly string[]): LocalRun {
  const plan = { label, fargate: true, task: { networkMode: 'awsvpc' } };
  const tasks = healths.map((health, i) => ({
    ...{ id: `${i}`, label: `${label}-${i + 1}`, service: plan, state: 'RUNNING', health },
    ...{ containers: [], ports: [], placement: { address: '127.20.0.1' } },
  })) as unknown as Task[];
  const nothing = { loadBalancers: [], networkLoadBalancers: [], aliases: [], redisServers: [], postgres: { servers: [] } };
  return {
    ...nothing,
    ...{ groups: new Map(), services: [{ tasks, plan }], aws: { running: false }, names: { entries: () => [] } },
  } as unknown as LocalRun;
}
