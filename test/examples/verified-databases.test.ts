import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const EXAMPLES = join(__dirname, '../../examples');
const read = (file: string) => readFileSync(join(EXAMPLES, file), 'utf8');

/** Images whose tasks use a database. */
const IMAGES = [
  'care/app/Dockerfile',
  'care/image/Dockerfile',
  'flask-nginx/flask/Dockerfile',
  'platform/app/api.Dockerfile',
  'platform/app/worker.Dockerfile',
  'voting/frontend/Dockerfile',
];

describe('PR-53: the examples verify the certificate of their database', () => {
  test.each(IMAGES)('%s has the authorities of Amazon RDS, readable by the user of the task', (file) => {
    const lines = read(file).split('\n');
    const add = lines.indexOf('ADD --chmod=444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/ssl/rds.pem');
    expect(add).toBeGreaterThan(0);
    expect(lines[add + 1]).toMatch(/^ENV (.* )?PGSSLROOTCERT=\/etc\/ssl\/rds\.pem( |$)/);
  });

  test.each([
    ['care/image/entrypoint.py', '?sslmode=verify-full'],
    ['flask-nginx/flask/links/database.py', '"sslmode": "verify-full"'],
    ['platform/app/items/database.py', '"sslmode": "verify-full"'],
    ['voting/frontend/lib/postgres-votes.js', "ssl: { ca: readFileSync(authorities, 'utf8') }"],
  ])('%s asks for the name and the authority', (file, words) => expect(read(file)).toContain(words));
});
