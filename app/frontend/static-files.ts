import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Exchange, HttpError, Reply } from '../common/http';

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const FILES = ['styles.css', 'answer.css', 'path.js', 'world.svg', 'favicon.svg'] as const;

interface StaticFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
  readonly version: string;
}

/** The page's few files, read and compressed once. Their addresses carry a hash, so browsers may keep them for good. */
export class StaticFiles {
  private readonly files: Map<string, StaticFile>;

  constructor(folder: string) {
    this.files = new Map(FILES.map((name) => [name, load(join(folder, name))]));
  }

  address(name: (typeof FILES)[number]): string {
    return `/static/${name}?v=${this.files.get(name)!.version}`;
  }

  readonly handle = ({ params, request }: Exchange): Reply => {
    const file = this.files.get(params.name);
    if (!file) throw new HttpError(404, 'NOT_FOUND', 'There is nothing at this path.');
    const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    const headers: Record<string, string> = {
      'content-type': file.type,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    };
    if (gzip) headers['content-encoding'] = 'gzip';
    return { status: 200, headers, body: gzip ? file.gzipped : file.plain };
  };
}

function load(path: string): StaticFile {
  const plain = readFileSync(path);
  const version = createHash('sha256').update(plain).digest('hex').slice(0, 12);
  return { type: TYPES[path.slice(path.lastIndexOf('.') + 1)], plain, gzipped: gzipSync(plain, { level: 9 }), version };
}
