import * as net from 'node:net';
import * as tls from 'node:tls';
import { RedisCredentials } from './plan';

export interface RedisPoint {
  readonly address: string;
  readonly port: number;
  readonly credentials?: RedisCredentials;
  readonly ca?: string;
}

/** One command over a connection of its own. Small on purpose: the proofs must not depend on the client that they test. */
export function redisCall(point: RedisPoint, command: readonly string[], timeoutMs = 3000): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = point.ca
      ? tls.connect({ host: point.address, port: point.port, ca: point.ca })
      : net.connect({ host: point.address, port: point.port });
    const { username, password } = point.credentials ?? {};
    const authentication = password === undefined ? [] : [['AUTH', ...(username === undefined ? [] : [username]), password]];
    const commands = [...authentication, [...command]];
    let received = '';
    const finish = (result: unknown) => {
      clearTimeout(deadline);
      socket.destroy();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    const deadline = setTimeout(() => finish(new Error('Redis does not answer')), timeoutMs);
    socket.setEncoding('latin1');
    socket.once('error', finish);
    socket.once('close', () => finish(new Error('Redis closed the connection')));
    socket.write(commands.map(encode).join(''), 'utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
      const replies = parseReplies(received);
      const failed = replies.find((reply) => reply instanceof Error);
      if (failed) finish(failed);
      else if (replies.length >= commands.length) finish(replies[commands.length - 1]);
    });
  });
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** All complete replies in the text so far (RESP2). */
export function parseReplies(text: string): unknown[] {
  const replies: unknown[] = [];
  let at = 0;
  for (;;) {
    const reply = parse(text, at);
    if (!reply) return replies;
    replies.push(reply.value);
    at = reply.end;
  }
}

function parse(text: string, at: number): { value: unknown; end: number } | undefined {
  const lineEnd = text.indexOf('\r\n', at);
  if (lineEnd < 0) return undefined;
  const line = text.slice(at + 1, lineEnd);
  const after = lineEnd + 2;
  switch (text[at]) {
    case '+':
      return { value: line, end: after };
    case '-':
      return { value: new Error(line), end: after };
    case ':':
      return { value: Number(line), end: after };
    case '$': {
      const length = Number(line);
      if (length < 0) return { value: null, end: after };
      if (text.length < after + length + 2) return undefined;
      return { value: Buffer.from(text.slice(after, after + length), 'latin1').toString('utf8'), end: after + length + 2 };
    }
    case '*': {
      const items: unknown[] = [];
      let end = after;
      for (let i = 0; i < Number(line); i++) {
        const item = parse(text, end);
        if (!item) return undefined;
        items.push(item.value);
        end = item.end;
      }
      return { value: items, end };
    }
    default:
      return { value: new Error(`not a Redis reply: ${line}`), end: text.length };
  }
}
