import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import * as os from 'node:os';
import { markdownTable } from 'markdown-table';
import { LinksClient, serviceOf } from './links-client';
import { logsOf } from './logs';
import { expect, Visitor } from './visitor';
import { LocalRun } from '../run/local-run';

const SECONDS = 15;
/** Requests a second and Flask task of the first load, which is the original's claim. */
const CLAIMED_RATE = 100;
const VISITORS = 16;
const LINKS = 50;
/** The share of a vCPU that the template gives to a Flask task. */
const TASK_VCPU = 0.5;

interface Load {
  readonly times: number[];
  readonly failures: string[];
  readonly seconds: number;
}

/** FLASK-18: the original's claims about latency and throughput, measured on the running template. Figures, no judgement by time. */
export async function measureFlask(run: LocalRun): Promise<void> {
  const visitor = new Visitor(run);
  const say = run.options.say;
  const client = new LinksClient(visitor);
  const codes = await Promise.all(
    Array.from({ length: LINKS }, async () => (await client.make('https://example.com/measured')).code),
  );
  const flask = serviceOf(visitor, 'flask-app');
  const tasks = flask.running.length;
  const machine = `${os.cpus().length} x ${os.cpus()[0]?.model ?? 'unknown CPU'}, load ${os.loadavg()[0].toFixed(1)}`;
  say(`\nMeasured on ${machine}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.`);
  say(`GET /api/links/<code> over HTTPS, ${LINKS} links, answered from Redis, ${SECONDS} s each after 3 s of warming up.\n`);

  await load(visitor, codes, { perSecond: CLAIMED_RATE * tasks, seconds: 3 });
  const from = logsOf(visitor, 'nginx').length;
  const steady = await load(visitor, codes, { perSecond: CLAIMED_RATE * tasks, seconds: SECONDS });
  const hops = hopsOf(logsOf(visitor, 'nginx').slice(from));

  const before = cpuSeconds(flask.running.map(({ containers: [{ runtime }] }) => runtime.pid));
  const full = await load(visitor, codes, { seconds: SECONDS });
  const used = cpuSeconds(flask.running.map(({ containers: [{ runtime }] }) => runtime.pid)) - before;
  const perTask = full.times.length / full.seconds / tasks;
  const cpuMs = (used / full.times.length) * 1000;

  const rate = `${(steady.times.length / steady.seconds / tasks).toFixed(0)} requests/s and Flask task`;
  const rows: [string, string, string][] = [
    ["Nginx -> Flask, without Flask's own time", 'under 5 ms', percentiles(hops.nginxToFlask)],
    ['Flask -> Redis, one GET', 'under 2 ms', percentiles(hops.flaskToRedis)],
    [`end to end at ${rate}`, 'p95 under 100 ms', percentiles(steady.times)],
    [`requests/s of a Flask task, ${VISITORS} visitors without pause`, 'about 100', perTask.toFixed(0)],
    ['CPU time of Flask for a request', '', Number.isNaN(cpuMs) ? 'not known here' : `${cpuMs.toFixed(2)} ms`],
    [
      `... which a task of ${TASK_VCPU} vCPU of this kind could do`,
      'about 100',
      Number.isNaN(cpuMs) ? 'not known here' : `${((TASK_VCPU * 1000) / cpuMs).toFixed(0)} requests/s`,
    ],
    [
      'answers that were not 200',
      '',
      `${steady.failures.length + full.failures.length} of ${steady.times.length + full.times.length}`,
    ],
  ];
  say(markdownTable([['measured', 'claimed by the original', 'seen here'], ...rows]));
  say('\nLimits of CPU and memory are not emulated, the network is loopback, and load generator and servers share the machine.');
}

/** `perSecond` starts requests at that rate however long they take; without it visitors ask as fast as they are answered. */
async function load(
  visitor: Visitor,
  codes: string[],
  { perSecond, seconds }: { perSecond?: number; seconds: number },
): Promise<Load> {
  const times: number[] = [];
  const failures: string[] = [];
  const ask = requester(visitor);
  let next = 0;
  const once = async () => {
    const started = performance.now();
    try {
      const status = await ask(`/api/links/${codes[next++ % codes.length]}`);
      times.push(performance.now() - started);
      if (status !== 200) failures.push(`status ${status}`);
    } catch (error) {
      failures.push((error as Error).message);
    }
  };
  const started = performance.now();
  const over = () => performance.now() - started >= seconds * 1000;
  if (perSecond === undefined) {
    await Promise.all(
      Array.from({ length: VISITORS }, async () => {
        while (!over()) await once();
      }),
    );
  } else {
    const open = new Set<Promise<void>>();
    for (let sent = 0; !over();) {
      const due = Math.floor(((performance.now() - started) / 1000) * perSecond);
      for (; sent < due; sent++) {
        const one = once().finally(() => open.delete(one));
        open.add(one);
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(open);
  }
  expect(times.length > 0, `no request succeeded: ${failures[0]}`);
  return { times, failures, seconds: (performance.now() - started) / 1000 };
}

/** Requests on kept connections, as browsers have them. */
function requester(visitor: Visitor): (path: string) => Promise<number> {
  const { external, run } = visitor;
  const listener = external.listeners.find(({ plan }) => plan.https) ?? external.listeners[0];
  const secure = listener.plan.https;
  const agent = secure
    ? new https.Agent({ keepAlive: true, maxSockets: 64, ca: run.certificate?.cert })
    : new http.Agent({ keepAlive: true, maxSockets: 64 });
  const name = visitor.nameOf(external);
  const options = { host: listener.address, port: listener.port, agent, headers: { host: name, 'user-agent': 'local-run' } };
  return (path) =>
    new Promise((resolve, reject) => {
      const request = (secure ? https : http).request({ ...options, path, ...(secure ? { servername: name } : {}) }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      });
      request.once('error', reject);
      request.end();
    });
}

/** From the access log of Nginx, which has its own times and those that Flask gives in Server-Timing. */
function hopsOf(lines: readonly string[]): { nginxToFlask: number[]; flaskToRedis: number[] } {
  const nginxToFlask: number[] = [];
  const flaskToRedis: number[] = [];
  for (const line of lines) {
    if (!line.includes('"serverTiming":"redis')) continue;
    const { upstreamSeconds, serverTiming } = JSON.parse(line) as { upstreamSeconds: string; serverTiming: string };
    const part = (name: string) => Number(new RegExp(`${name};dur=([\\d.]+)`).exec(serverTiming)?.[1]);
    nginxToFlask.push(Math.max(0, Number(upstreamSeconds) * 1000 - part('app')));
    flaskToRedis.push(part('redis'));
  }
  return { nginxToFlask, flaskToRedis };
}

/** CPU time that the processes of these groups have used; NaN where /proc does not say. */
function cpuSeconds(groups: readonly (number | undefined)[]): number {
  if (!fs.existsSync('/proc/self/stat')) return NaN;
  const ticks = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => statOf(pid))
    .filter((fields) => groups.includes(Number(fields[2])))
    .reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0);
  return ticks / 100;
}

/** The fields after the name of the process: state, parent, group ... */
function statOf(pid: string): string[] {
  try {
    return fs
      .readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

function percentiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms (${sorted.length})`;
}
