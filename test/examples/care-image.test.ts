import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';

const IMAGE = join(__dirname, '../../examples/care/image');
const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:Care-AbCdEf';
/** Every character that a generated password may have. */
const HOSTILE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join('');

/** Stand-ins for the packages of the image, in a folder of their own. */
const packages = mkdtempSync(join(tmpdir(), 'care-'));
afterAll(() => rmSync(packages, { recursive: true }));

function write(file: string, ...lines: string[]): void {
  const path = join(packages, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines.join('\n'));
}

/** A Secrets Manager that holds $SECRET, and prints how it is called. */
write(
  'boto3.py',
  'import os',
  'class Client:',
  '    def get_secret_value(self, SecretId):',
  '        print("get", SecretId, flush=True)',
  '        return {"SecretString": os.environ["SECRET"]}',
  '    def put_secret_value(self, SecretId, SecretString):',
  '        print("put", SecretId, SecretString, flush=True)',
  'def client(service, region_name):',
  '    print(service, region_name, flush=True)',
  '    return Client()',
);
write('care/utils/jwks/generate_jwk.py', 'def generate_encoded_jwks():', '    return "bmV3"');
/** Django's engine, for a server whose password is $SERVER_PASSWORD. */
write(
  'django/db/backends/postgresql/base.py',
  'import os',
  'class DatabaseWrapper:',
  '    class Database:',
  '        class OperationalError(Exception): pass',
  '    def __init__(self): self.settings_dict = {"PASSWORD": "old"}',
  '    def get_new_connection(self, params):',
  '        print("connect", params["user"], params["password"])',
  '        if params["password"] != os.environ["SERVER_PASSWORD"]: raise self.Database.OperationalError("refused")',
  '        return "connected"',
);

function python(args: string[], env: Record<string, string>): string {
  const { PATH = '' } = process.env;
  return execFileSync('python3', args, {
    env: { PATH, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1', ...env },
    encoding: 'utf8',
  });
}

const print = ['python3', '-c', 'import json, os; print(json.dumps(dict(os.environ)))'];
const started = (env: Record<string, string>): Record<string, string> =>
  JSON.parse(python([join(IMAGE, 'entrypoint.py'), ...print], env));

const DATABASE = {
  DATABASE_HOST: 'db.example',
  DATABASE_PORT: '5432',
  DATABASE_NAME: 'care',
  DATABASE_SSLMODE: 'require',
  DATABASE_USERNAME: 'app',
};
const REDIS = { REDIS_HOST: 'redis.care-ns', REDIS_PORT: '6379', REDIS_TLS: 'false', REDIS_USERNAME: 'default' };

test('DT-2: DATABASE_URL has every character of the password, encoded, and names the engine that rotates along', () => {
  const { DATABASE_URL } = started({ ...DATABASE, DATABASE_PASSWORD: HOSTILE });
  const [, login, server] = /^rotating\.postgresql:\/\/app:([\w%.~-]*)@(.*)$/.exec(DATABASE_URL)!;
  expect(decodeURIComponent(login)).toBe(HOSTILE);
  expect(server).toBe('db.example:5432/care?sslmode=verify-full');
});

test('DT-2: REDIS_URL and CELERY_BROKER_URL have user and password, which the variable of the task has not', () => {
  const { REDIS_URL, CELERY_BROKER_URL } = started({ ...REDIS, REDIS_URL: 'redis://redis.care-ns:6379', REDIS_PASSWORD: HOSTILE });
  const [, login, server] = /^redis:\/\/default:([\w%.~-]*)@(.*)$/.exec(REDIS_URL)!;
  expect(decodeURIComponent(login)).toBe(HOSTILE);
  expect([server, CELERY_BROKER_URL]).toEqual(['redis.care-ns:6379/0', REDIS_URL]);
});

test('DT-2: a store with TLS and without user names has rediss and an empty one', () => {
  const { REDIS_URL } = started({ REDIS_HOST: 'cache.example', REDIS_PORT: '6380', REDIS_TLS: 'true', REDIS_PASSWORD: 'p' });
  expect(REDIS_URL).toBe('rediss://:p@cache.example:6380/0');
});

test('DT-2: what is not connected is not composed', () => {
  const { REDIS_URL, ...rest } = started({ REDIS_URL: 'redis://redis.care-ns:6379' });
  expect([REDIS_URL, rest.DATABASE_URL, rest.CELERY_BROKER_URL]).toEqual(['redis://redis.care-ns:6379', undefined, undefined]);
});

/** One connection of the engine, and what the next one would use. */
const connect = (serverPassword: string, secretPassword: string): string[] =>
  python(
    [
      '-c',
      [
        'import sys',
        `sys.path.append(${JSON.stringify(IMAGE)})`,
        'from rotating.postgresql.base import DatabaseWrapper',
        'db = DatabaseWrapper()',
        'try: print(db.get_new_connection({"user": "app", "password": "old"}))',
        'except db.Database.OperationalError as error: print(error)',
        'print("next", db.settings_dict["PASSWORD"])',
      ].join('\n'),
    ],
    { SERVER_PASSWORD: serverPassword, SECRET: JSON.stringify({ password: secretPassword }), DATABASE_SECRET_ARN: SECRET },
  )
    .trim()
    .split('\n');

test.each<[string, string, string, string[]]>([
  ['before a rotation nothing is read', 'old', 'old', ['connect app old', 'connected', 'next old']],
  [
    'after it the secret is, once for all connections of the process',
    'new',
    'new',
    ['connect app old', 'secretsmanager eu-central-1', `get ${SECRET}`, 'connect app new', 'connected', 'next new'],
  ],
  [
    'a secret with nothing new leaves the error as it was',
    'new',
    'old',
    ['connect app old', 'secretsmanager eu-central-1', `get ${SECRET}`, 'refused', 'next old'],
  ],
])('DT-36: %s', (_, server, secret, lines) => expect(connect(server, secret)).toEqual(lines));

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const KEYS = encoded({ keys: [{ kty: 'RSA' }] });
const printKeys = ['python3', '-c', 'import os; print(os.environ["JWKS_BASE64"])'];

/** `injected` is what the task started with, `held` what the secret has by now. */
const signingKeys = (injected: string, held: string): string[] =>
  python([join(IMAGE, 'signing_keys.py'), ...printKeys], {
    JWKS_BASE64: injected,
    KEYS_NAME: SECRET,
    SECRET: JSON.stringify({ django: 'd', jwks: held }),
  })
    .trim()
    .split('\n');

test.each(['made by the migration job', encoded({ keys: [] }), encoded([]), encoded('x')])(
  'DT-2: the first deployment makes keys and keeps the rest of the secret: %s',
  (jwks) => {
    expect(signingKeys(jwks, jwks)).toEqual([
      'secretsmanager eu-central-1',
      `get ${SECRET}`,
      `put ${SECRET} {"django": "d", "jwks": "bmV3"}`,
      'bmV3',
    ]);
  },
);

test('DT-2: keys that are there are never made again', () => {
  expect(signingKeys(KEYS, 'not read')).toEqual([KEYS]);
  expect(signingKeys('stale', KEYS)).toEqual(['secretsmanager eu-central-1', `get ${SECRET}`, KEYS]);
});

describe('the Dockerfile', () => {
  const lines = readFileSync(join(IMAGE, 'Dockerfile'), 'utf8').split('\n');

  test('DT-2: what CARE writes below /app is written while the image is built', () => {
    expect(lines.join('\n')).toMatch(/collectstatic --noinput[^]*compilemessages -v 0[^]*touch jwks\.b64\.txt/);
  });

  test('DT-2: it runs as the user of CARE, through the entry point', () => {
    expect(lines.filter((line) => /^(USER|ENTRYPOINT)/.test(line)).slice(-2)).toEqual([
      'USER django',
      'ENTRYPOINT ["python", "/opt/care/entrypoint.py"]',
    ]);
  });

  test('DT-2: links to files are signed with version 4 for the endpoint of the Region', () => {
    expect(lines).toContain('ENV AWS_CONFIG_FILE=/opt/care/aws-config PGSSLROOTCERT=/etc/ssl/rds.pem PYTHONPATH=/opt/care');
    expect(readFileSync(join(IMAGE, 'aws-config'), 'utf8')).toMatch(
      /^\[default\]\ns3 =\n {4}signature_version = s3v4\n {4}addressing_style = virtual\n$/m,
    );
  });
});
