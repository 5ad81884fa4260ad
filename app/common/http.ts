import { IncomingMessage } from 'node:http';

/** What a handler answers; the server adds the headers that every answer carries. */
export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string | Buffer;
}

/** What a request asks for: the parts of a URL that routes read. */
export interface Target {
  readonly pathname: string;
  readonly searchParams: Pick<URLSearchParams, 'get'>;
}

/** One request, taken apart. `params` are the `{name}` parts of the route's path, decoded. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly url: Target;
  readonly params: Record<string, string>;
}

/** `GET` routes answer `HEAD` too. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly handle: (exchange: Exchange) => Reply | Promise<Reply>;
}

/** An answer other than success that the client is meant to see. `code` is part of the API, `message` is for people. */
export class HttpError extends Error {
  constructor(
    public readonly status: number,
    public readonly code: string,
    message: string,
    public readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

export const JSON_TYPE = 'application/json; charset=utf-8';

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return jsonText(status, JSON.stringify(value), headers);
}

/** For bodies that are serialised already. */
export function jsonText(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': JSON_TYPE, ...headers }, body };
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}

/** The one error shape of both services. */
export function errorBody(code: string, message: string): { error: { code: string; message: string } } {
  return { error: { code, message } };
}

/** Reads a body of at most `limit` bytes; a larger one is refused before it is held in memory. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  const tooLarge = new HttpError(413, 'BODY_TOO_LARGE', `The body must be at most ${limit} bytes.`, { connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge;
      chunks.push(chunk);
    }
  } catch (error) {
    // A client that leaves in the middle is no failure of ours: as one, anybody could fill the log and raise the alarm on errors.
    throw error instanceof HttpError ? error : new HttpError(400, 'BODY_INCOMPLETE', 'The body ended before its time.');
  }
  return Buffer.concat(chunks).toString('utf8');
}
