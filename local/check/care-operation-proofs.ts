import { signedIn } from './care-proofs';
import { Proof } from './proof';
import { changePassword } from './rotation';
import { expect, until } from './visitor';

/** The beat looks for abandoned uploads this often in the proofs, in place of every 10 minutes. */
export const FORGET_SECONDS = 2;

/** What goes on while nobody deploys: the beat, a search, a rotation. */
export const CARE_OPERATION_PROOFS: readonly Proof[] = [
  {
    name: 'the beat has synchronized roles and value sets, and sends its tasks: an abandoned upload is forgotten',
    prove: async (visitor) => {
      const { aws, postgres } = visitor.run;
      const [server] = postgres.servers;
      const counts = [server.query('SELECT count(*) FROM auth_group'), server.query('SELECT count(*) FROM valuesets_concept')];
      expect(counts.join() === '4,16', `roles and concepts: ${counts.join()}`);
      const client = await signedIn(visitor);
      const { id } = await client.upload('abandoned.txt', 'half');
      server.query(`UPDATE files_fileupload SET created_at = now() - interval '25 hours' WHERE id = '${id}'`);
      const started = Date.now();
      const left = () => server.query(`SELECT count(*) FROM files_fileupload WHERE id = '${id}'`);
      await until('the worker has forgotten it', 30_000, () => left() === '0');
      const took = Date.now() - started;
      const [{ name }] = aws.plan.buckets;
      const object = await aws.client.object('GET', `/${name}/patient-files/${id}`).catch((error: Error) => error.message);
      expect(/\b404\b/.test(object), `the bucket answered ${object}`);
      return `4 roles, 16 concepts; row and object are gone after ${took} ms`;
    },
  },
  {
    name: 'CARE-2: a search answers, from Redis where the server has the search module',
    prove: async (visitor) => {
      const answer = await (await signedIn(visitor)).get('/api/v1/valueset/diagnoses/?search=fev');
      const { results } = JSON.parse(answer.body) as { results: { display: string }[] };
      const found = results.map(({ display }) => display).sort();
      expect(found.length === 3 && found.every((display) => /fever/i.test(display)), `found ${found.join(', ') || 'nothing'}`);
      if (answer.headers['x-search'] === 'redis') return `${found.join(', ')}, from Redis`;
      return `${found.join(', ')}; NOT PROVEN: search in Redis, because ${visitor.run.redis.engine.description} has no search module; PostgreSQL answered`;
    },
  },
  {
    name: 'the password of the database is rotated, and the app reads the new one',
    prove: async (visitor) => {
      const client = await signedIn(visitor);
      changePassword(visitor.run, `rotated#/%${Date.now()}`);
      const started = Date.now();
      await until('every task has the new password', 60_000, async () => {
        const answers = await Promise.all(Array.from({ length: 12 }, () => client.get('/api/v1/valueset/diagnoses/?search=cold')));
        return answers.every(({ status }) => status === 200);
      });
      const upload = await client.upload('after.txt', 'after the rotation');
      await client.complete(upload);
      await client.ready(upload);
      return `web and worker go on after ${Date.now() - started} ms`;
    },
  },
];
