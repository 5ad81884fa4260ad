import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { Certificates, makeCertificates } from './certificates';
import { Stores } from './stores';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(__dirname, 'clients');
const BULLMQ = ['bullmq@6.7.0', 'ioredis@6.0.0'];
const REQUIREMENTS = join(__dirname, 'requirements.txt');

/** A client library, and the file that has its recipe. */
interface Client {
  readonly file: string;
  /** Brings its packages into a folder; those of a distribution are there before. */
  readonly install?: { readonly packages: string; readonly into: (folder: string, directory: string) => void };
  /** The words that run it: the file's path, and that of the packages which `install` brought. */
  command(file: string, packages: string): string[];
  env?(packages: string): Record<string, string>;
}

const python = (task: string): Client => ({
  file: 'python.py',
  command: (file) => ['python3', file, task],
  env: (packages) => ({ PYTHONPATH: packages }),
  install: {
    packages: 'python-clients-celery-5.6.3-redis-8.1.0',
    into: (folder, directory) => {
      // Debian's own Python has pip only in a virtual environment.
      const venv = join(directory, 'venv');
      execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe', timeout: 60_000 });
      const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder, '-r', REQUIREMENTS];
      execFileSync(join(venv, 'bin', 'python'), words, { stdio: 'pipe', timeout: 100_000 });
    },
  },
});

export const CLIENTS = {
  'redis-py': python('redis'),
  Celery: python('celery'),
  psycopg: python('database'),
  BullMQ: {
    file: 'bullmq.cjs',
    command: (file) => [process.execPath, file],
    env: (packages) => ({ NODE_PATH: join(packages, 'node_modules') }),
    install: {
      packages: BULLMQ[0].replace('@', '-'),
      into: (folder) => {
        const words = ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, ...BULLMQ];
        mkdirSync(folder, { recursive: true });
        execFileSync('npm', words, { stdio: 'pipe', timeout: 100_000 });
      },
    },
  },
  pg: { file: 'pg.cjs', command: (file) => [process.execPath, file] },
  Sidekiq: { file: 'sidekiq.rb', command: (file) => ['ruby', file] },
  Laravel: { file: 'laravel.php', command: (file) => ['php', file] },
  JDBC: { file: 'Jdbc.java', command: (file) => ['java', '-cp', process.env.JDBC_CLASSPATH ?? '', basename(file, '.java')] },
} as const satisfies Record<string, Client>;

export type ClientName = keyof typeof CLIENTS;

/** Brings what registries have for a client, once. */
export function install(name: ClientName, directory: string): void {
  const { install: wanted }: Client = CLIENTS[name];
  const folder = packagesOf(name);
  if (!wanted || existsSync(folder)) return;
  const draft = `${folder}-${process.pid}`;
  wanted.into(draft, directory);
  renameSync(draft, folder);
}

/**
 * What a client answers with exactly these variables. `ca` is an authority that the system of its image trusts.
 */
export async function run(name: ClientName, variables: Record<string, string>, directory: string, ca?: string): Promise<unknown> {
  const client: Client = CLIENTS[name];
  const trust: Record<string, string> = ca ? { SSL_CERT_FILE: ca, NODE_EXTRA_CA_CERTS: ca } : {};
  const env = { PATH: process.env.PATH, HOME: directory, ...client.env?.(packagesOf(name)), ...trust, ...variables };
  const [file, ...words] = client.command(join(FOLDER, client.file), packagesOf(name));
  const output = await new Promise<string>((resolve) => {
    execFile(file, words, { env, cwd: directory, timeout: 100_000 }, (error, stdout, stderr) =>
      resolve(stdout || JSON.stringify({ error: stderr || error?.message })),
    );
  });
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

/** The lines of a client's file that its page shows. */
export function recipeOf(name: ClientName): string {
  const [, recipe] = new RegExp(`^ *(?:#|//) recipe: ${name}\\n([^]*?)\\s*^ *(?:#|//) recipe end$`, 'm').exec(
    readFileSync(join(FOLDER, CLIENTS[name].file), 'utf8'),
  )!;
  const indent = /^ */.exec(recipe)![0];
  return recipe.replace(new RegExp(`^${indent}`, 'gm'), '');
}

function packagesOf(name: ClientName): string {
  const { install: wanted }: Client = CLIENTS[name];
  return join(ROOT, '.cache', wanted?.packages ?? 'none');
}

/** What the clients of a test file connect to: stores, certificates, and the authority `other`, which signed none of these. */
export class Servers {
  public readonly directory = mkdtempSync(join(tmpdir(), 'clients-conformance-'));
  public readonly other = join(this.directory, 'other.crt');
  public readonly stores = new Stores(this.directory, () => this.certificates);
  public certificates!: Certificates;

  constructor() {
    beforeAll(async () => {
      this.certificates = await makeCertificates(this.directory);
      writeFileSync(this.other, rootCertificates[0]);
    });
    afterEach(() => this.stores.close());
    afterAll(() => rmSync(this.directory, { recursive: true, force: true }));
  }
}
