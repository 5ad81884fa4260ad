import * as fs from 'node:fs';
import * as path from 'node:path';
import { rootCertificates } from 'node:tls';

/** Variables that name certificates besides a program's own, and in the place of them. */
const ADDS = ['NODE_EXTRA_CA_CERTS'];
const REPLACES = ['REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE'];

/** The certificates that the programs of tasks trust here: those of this run's servers, and those of `--ca-bundle`. */
export class Trust {
  /** Files that tasks read. */
  public readonly directory: string;
  private readonly added: string[] = [];

  constructor(runDirectory: string, bundle?: string) {
    this.directory = path.join(runDirectory, 'trust');
    fs.mkdirSync(this.directory, { recursive: true });
    if (bundle !== undefined) this.add(fs.readFileSync(bundle, 'utf8'));
  }

  /** For programs that are told this file by a variable of their own; returns it. */
  public keep(name: string, certificates: string): string {
    const file = path.join(this.directory, `${name}.pem`);
    fs.writeFileSync(file, certificates);
    return file;
  }

  /** For every program, beside the authorities that everybody trusts. */
  public add(certificates: string): void {
    this.added.push(certificates);
    this.keep('added', this.added.join('\n'));
    this.keep('all', [...rootCertificates, ...this.added].join('\n'));
  }

  /** Variables of a container, which keep what its template says. */
  public adjust(env: Record<string, string>): Record<string, string> {
    if (this.added.length === 0) return env;
    const naming = (names: readonly string[], file: string) =>
      Object.fromEntries(names.map((name) => [name, path.join(this.directory, file)]));
    return { ...naming(ADDS, 'added.pem'), ...naming(REPLACES, 'all.pem'), ...env };
  }
}
