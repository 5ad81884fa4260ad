import { createHash } from 'node:crypto';
import { CareClient } from './care-client';
import { ask } from './http-client';
import { serviceOf } from './links-client';
import { logsOf } from './logs';
import { Proof } from './proof';
import { pythonUnitTests } from './python-unit-tests';
import { expect, until, Visitor } from './visitor';
import { JobPlan } from '../jobs/job-plan';
import { jsonOf } from '../secrets/secret-values';

const USER = { username: 'first', password: 'proof-of-the-local-run' };
const CONTENT = 'blood count: fine\n'.repeat(2000);

/** The deployment: migrations, keys, the first user. */
export const CARE_DEPLOYMENT_PROOFS: readonly Proof[] = [
  pythonUnitTests('the Django app', {
    container: 'care',
    folder: 'examples/care/app',
    command: ['manage.py', 'test', '--settings=config.settings.test'],
  }),
  {
    name: 'the migration job succeeded before any task of the services started',
    prove: async (visitor) => {
      const { run } = visitor;
      const ran = run.jobs?.runs.find(({ plan }) => plan === migration(visitor));
      expect(ran?.exitCode === 0, `the job ended with ${ran?.exitCode}`);
      const early = ['care', 'worker']
        .flatMap((name) => serviceOf(visitor, name).tasks)
        .filter((task) => task.createdAt < ran.endedAt);
      expect(early.length === 0, `${early.map(({ label }) => label).join()} did not wait for the job`);
      const rows = run.postgres.servers[0].query('SELECT count(*) FROM django_migrations');
      expect(Number(rows) > 10, `${rows} migrations are in the database`);
      return `${rows} migrations in ${ran.endedAt - ran.startedAt} ms, then the services`;
    },
  },
  {
    name: 'the job made the signing keys once, and both web tasks have those of the secret',
    prove: async (visitor) => {
      const keys = visitor.run.secrets.secrets.find((secret) => jsonOf(secret)?.jwks !== undefined)!;
      const encoded = String(jsonOf(keys)?.jwks);
      const [{ kid }] = (JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as { keys: { kid: string }[] }).keys;
      const client = new CareClient(visitor);
      const answers = await Promise.all(Array.from({ length: 8 }, () => client.get('/.well-known/jwks.json')));
      const seen = new Set(answers.map(({ body }) => (JSON.parse(body) as { keys: { kid: string }[] }).keys[0].kid));
      expect(seen.size === 1 && seen.has(kid), `${seen.size} keys are in use`);
      return `key ${kid.slice(0, 8)} in 8 answers of ${serviceOf(visitor, 'care').running.length} tasks`;
    },
  },
  {
    name: 'the first user is made with the task definition of the migration job, and comes in',
    prove: async (visitor) => {
      await visitor.run.jobs!.run(migration(visitor), {
        command: ['python', 'manage.py', 'createsuperuser', '--noinput'],
        environment: {
          DJANGO_SUPERUSER_USERNAME: USER.username,
          DJANGO_SUPERUSER_EMAIL: 'first@clinic.example',
          DJANGO_SUPERUSER_PASSWORD: USER.password,
        },
      });
      const client = await signedIn(visitor);
      const statuses = new Set<number>();
      for (let i = 0; i < 6; i++) statuses.add((await client.get('/api/v1/valueset/diagnoses/?search=fever')).status);
      expect(statuses.size === 1 && statuses.has(200), `with one token, answers of ${[...statuses].join()}`);
      const nobody = await new CareClient(visitor).post('/api/v1/files/');
      expect(nobody.status === 401, `without a token, ${nobody.status}`);
      return 'one token is good at both tasks, none is not';
    },
  },
];

/** CARE-4 to CARE-7: an upload goes past the app into the bucket, and the worker hears of it through Redis. */
export const CARE_UPLOAD_PROOFS: readonly Proof[] = [
  {
    name: 'CARE-4, CARE-7: an upload is in the bucket under its link, and not known to be there before it is completed',
    prove: async (visitor) => {
      const client = await signedIn(visitor);
      const upload = await client.upload('result.txt', CONTENT);
      const [{ name }] = visitor.run.aws.plan.buckets;
      expect((await visitor.run.aws.client.object('GET', `/${name}/patient-files/${upload.id}`)) === CONTENT, 'the object differs');
      const { state } = await client.read(upload);
      expect(state === 'pending', `its state is ${state}`);
      const other = upload.signed_url!.replace(upload.id, '00000000-0000-4000-8000-000000000000');
      const refused = await fetch(other, { method: 'PUT', body: CONTENT, headers: { 'content-type': 'text/plain' } });
      expect(refused.status === 403, `a link that was changed got ${refused.status}`);
      return `patient-files/${upload.id} in ${name}, ${CONTENT.length} bytes; 403 for a changed link`;
    },
  },
  {
    name: 'browsers on the pages of the app may use a link, and those of nobody else',
    prove: async (visitor) => {
      const upload = await (await signedIn(visitor)).upload('cors.txt', 'x');
      const { environment } = serviceOf(visitor, 'care').plan.task.containers[0];
      const asked = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' };
      const preflight = (origin: string) => ask({ url: upload.signed_url!, method: 'OPTIONS', headers: { ...asked, origin } });
      const own = await preflight(environment.CURRENT_DOMAIN);
      const allowed = own.headers['access-control-allow-origin'];
      expect(own.status === 200 && allowed === environment.CURRENT_DOMAIN, `the pages got ${own.status}, ${allowed}`);
      const other = await preflight('https://elsewhere.example');
      expect(other.status === 403, `another origin got ${other.status}`);
      return `200 for ${environment.CURRENT_DOMAIN}, 403 for another`;
    },
  },
  {
    name: 'CARE-5, CARE-6: a Celery task goes through Redis by its Service Connect name, and the worker reads the object',
    prove: async (visitor) => {
      const client = await signedIn(visitor);
      const upload = await client.upload('result.txt', CONTENT);
      const started = Date.now();
      await client.complete(upload);
      const seen = await client.ready(upload);
      const digest = createHash('sha256').update(CONTENT).digest('hex');
      expect(seen.size === CONTENT.length && seen.sha256 === digest, `size ${seen.size}, digest ${seen.sha256}`);
      const took = Date.now() - started;
      expect(workerLines(visitor, `file ${upload.id} is ready`) === 1, 'the worker has not logged it');
      const answer = await fetch(seen.read_signed_url!);
      expect((await answer.text()) === CONTENT, 'the link gives another content');
      const { environment } = serviceOf(visitor, 'worker').plan.task.containers[0];
      return `${environment.REDIS_URL}, ready after ${took} ms, and read with its link`;
    },
  },
  {
    name: 'the task of worker and beat is stopped: what is sent meanwhile waits in Redis, and is done by the next one',
    prove: async (visitor) => {
      const client = await signedIn(visitor);
      const celery = serviceOf(visitor, 'worker');
      const upload = await client.upload('later.txt', CONTENT);
      await celery.stopTask(celery.running[0], 'StopTask, asked for by the proof');
      await client.complete(upload);
      expect((await client.read(upload)).state === 'pending', 'somebody has done it already');
      const started = Date.now();
      await client.ready(upload, 60_000);
      await until('the next task is well', 60_000, () => visitor.run.unready().length === 0);
      return `done ${Date.now() - started} ms after it was sent`;
    },
  },
];

export async function signedIn(visitor: Visitor): Promise<CareClient> {
  const client = new CareClient(visitor);
  await client.login(USER.username, USER.password);
  return client;
}

function migration({ run }: Visitor): JobPlan {
  const found = run.jobs?.plans.find(({ start }) => start.kind === 'deployment');
  if (!found) throw new Error('the template has no deployment job');
  return found;
}

function workerLines(visitor: Visitor, text: string): number {
  return logsOf(visitor, 'worker').filter((line) => line.includes(text)).length;
}
