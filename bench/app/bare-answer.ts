import { createServer } from 'node:http';
import { readAnswer } from './answer';
import { SECURITY_HEADERS } from '../../app/common/settings';

/** The ceiling of Node.js: the same bytes from node:http alone. */
const { status, headers, body } = readAnswer();
const all = { ...SECURITY_HEADERS, 'x-task-id': 'fixed-answer', ...headers, 'content-length': Buffer.byteLength(body) };
createServer((_request, response) => response.writeHead(status, all).end(body)).listen(Number(process.env.PORT), '127.0.0.1');
