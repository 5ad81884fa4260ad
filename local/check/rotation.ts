import { expect } from './visitor';
import { LocalRun } from '../run/local-run';

/** What RDS does when it rotates a password, while nobody is told: the server has another one, then the secret, and connections end. */
export function changePassword({ postgres, secrets }: LocalRun, password: string): void {
  const [server] = postgres.servers;
  expect(server !== undefined, 'the template has no PostgreSQL');
  server.changePassword(password);
  const secret = secrets.secrets.find(({ value }) => value.includes(`"${server.options.plan.user}"`));
  expect(secret !== undefined, 'no secret names the user of the database');
  secrets.replace(secret.arn, JSON.stringify({ ...(JSON.parse(secret.value) as object), password }));
  server.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename IS NOT NULL');
}
