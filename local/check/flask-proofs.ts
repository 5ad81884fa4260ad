import { LinksClient, serviceOf } from './links-client';
import { logsOf } from './logs';
import { Proof } from './proof';
import { underLoad } from './steady-load';
import { expect, until, Visitor } from './visitor';

const LONG = 'https://example.com/a/long/path?x=1';

/** Page and API through the load balancer, Nginx, Flask, Redis and PostgreSQL. */
export const FLASK_PROOFS: readonly Proof[] = [
  {
    name: 'the page answers over HTTPS, from Nginx, with its security headers',
    prove: async (visitor) => {
      const page = await new LinksClient(visitor).get('/');
      expect(page.status === 200 && /<form>/.test(page.body), `status ${page.status}, or no form`);
      const policy = String(page.headers['content-security-policy']);
      expect(/default-src 'none'/.test(policy) && page.headers['x-content-type-options'] === 'nosniff', `policy ${policy}`);
      expect(page.headers.server === undefined, `what answers is told: ${page.headers.server}`);
      const health = await new LinksClient(visitor).get('/nginx-health');
      expect(health.status === 200 && health.body === 'ok\n', `/nginx-health answered ${health.status}`);
      return `${page.body.length} bytes, /nginx-health ok`;
    },
  },
  {
    name: 'a link is made, found in PostgreSQL, then in Redis, followed and removed',
    prove: async (visitor) => {
      const client = new LinksClient(visitor);
      const { code, shortUrl } = await client.make(LONG);
      expect(shortUrl === `https://${visitor.nameOf(visitor.external)}/l/${code}`, `the short address is ${shortUrl}`);
      const hows = [await client.read(code), await client.read(code)];
      expect(hows.join() === 'MISS,HIT', `the reads were ${hows.join()}`);
      const followed = await client.get(`/l/${code}`);
      expect(followed.status === 302 && followed.headers.location === LONG, `/l/${code} answered ${followed.status}`);
      expect((await client.delete(`/api/links/${code}`)).status === 204, 'it cannot be removed');
      const gone = await client.get(`/l/${code}`);
      expect(gone.status === 404 && /not_found/.test(gone.body), `after removal ${gone.status}`);
      return `${shortUrl}: ${hows.join(', ')}, 302, 204, 404`;
    },
  },
  {
    name: 'input that is no address is refused with JSON',
    prove: async (visitor) => {
      const answer = await new LinksClient(visitor).post({ url: 'javascript:alert(1)' });
      expect(answer.status === 422, `status ${answer.status}`);
      return answer.body.trim();
    },
  },
  {
    name: 'a visitor cannot give a false address: the logs have the one that the load balancer saw',
    prove: async (visitor) => {
      await new LinksClient(visitor).get('/api/links/forged-header', { 'x-forwarded-for': '203.0.113.66' });
      const logged = () => logsOf(visitor, 'flask-app').filter((line) => line.includes('/api/links/forged-header'));
      await until('Flask has logged it', 5000, () => logged().length > 0);
      const lines = logged();
      const clients = lines.map((line) => (JSON.parse(line) as { client: string }).client);
      expect(clients.length === 1 && clients[0] === '127.0.0.1', `Flask logged ${clients.join() || 'nothing'}`);
      return `client ${clients[0]}`;
    },
  },
  {
    name: 'a Flask task is killed (SIGKILL) while people read, and nobody sees a failure',
    prove: async (visitor) => readDuring(visitor, async () => serviceOf(visitor, 'flask-app').running[0].containers[0].kill()),
  },
  {
    name: 'a Flask task is stopped while people read and write, and nobody sees a failure',
    prove: async (visitor) => {
      const flask = serviceOf(visitor, 'flask-app');
      return writeDuring(visitor, () => flask.stopTask(flask.running[0], 'StopTask, asked for by the proof'));
    },
  },
  {
    name: 'an Nginx task is stopped while people read and write, and nobody sees a failure',
    prove: async (visitor) => {
      const nginx = serviceOf(visitor, 'nginx');
      return writeDuring(visitor, () => nginx.stopTask(nginx.running[0], 'StopTask, asked for by the proof'));
    },
  },
  {
    name: 'Redis is killed: links are read from PostgreSQL, and from Redis again when it is back',
    prove: async (visitor) => {
      const client = new LinksClient(visitor);
      const { code } = await client.make(LONG);
      await client.read(code);
      const [redis] = serviceOf(visitor, 'redis').running;
      await redis.containers[0].kill();
      const hows = [await client.read(code), await client.read(code)];
      const made = await client.post({ url: LONG });
      expect(made.status === 201, `POST answered ${made.status}`);
      const started = Date.now();
      await until('everything is well again', 40_000, () => visitor.run.unready().length === 0);
      await until('links are HITs again', 10_000, async () => (await client.read(code)) === 'HIT');
      return `without Redis ${hows.join(', ')} and 201; HIT again after ${Date.now() - started} ms`;
    },
  },
];

async function readDuring(visitor: Visitor, during: () => Promise<void>): Promise<string> {
  const client = new LinksClient(visitor);
  const { code } = await client.make(LONG);
  return judge(visitor, async () => void (await client.read(code)), during);
}

async function writeDuring(visitor: Visitor, during: () => Promise<void>): Promise<string> {
  const client = new LinksClient(visitor);
  return judge(visitor, async () => void (await client.read((await client.make(LONG)).code)), during);
}

async function judge(visitor: Visitor, once: () => Promise<void>, during: () => Promise<void>): Promise<string> {
  const { asked, failures } = await underLoad(10, once, during);
  expect(failures.length === 0, `${failures.length} of ${asked} failed: ${failures[0]}`);
  await until('all tasks are healthy again', 40_000, () => visitor.run.unready().length === 0);
  return `${asked} times, 0 failures`;
}
