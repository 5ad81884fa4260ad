'use strict';
// Service Connect's proxy for an alias whose port is HTTP: it answers itself where a request takes longer than the template's
// per-request timeout, where nobody is behind the alias, and where a task cannot be reached.
const http = require('node:http');

const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection'];

exports.proxyHttp = (pick, { idleMs, requestMs }) => {
  const agent = new http.Agent({ keepAlive: true, keepAliveMsecs: 1000, timeout: idleMs || undefined });
  const server = http.createServer((request, response) => {
    const target = pick();
    const say = (status, text) => {
      if (response.headersSent) return void response.destroy();
      response.writeHead(status, { 'content-type': 'text/plain', server: 'envoy' }).end(text);
    };
    if (!target) return say(503, 'no healthy upstream');
    const headers = { ...request.headers };
    for (const name of HOP_BY_HOP) delete headers[name];
    const { method, url: path } = request;
    const upstream = http.request({ host: target.address, port: target.port, agent, method, path, headers });
    const timer =
      requestMs > 0 &&
      setTimeout(() => {
        say(504, 'upstream request timeout');
        upstream.destroy();
      }, requestMs);
    upstream.once('response', (answer) => {
      for (const name of HOP_BY_HOP) delete answer.headers[name];
      response.writeHead(answer.statusCode, answer.statusMessage, answer.headers);
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    upstream.once('error', () => response.writableEnded || say(503, 'upstream connect error or disconnect/reset before headers'));
    response.once('close', () => {
      clearTimeout(timer);
      upstream.destroy();
    });
    request.pipe(upstream);
    return undefined;
  });
  // What asks for another protocol gets a pipe.
  server.on('upgrade', (request, socket, head) => {
    const target = pick();
    if (!target) return socket.destroy();
    const upstream = http.request({
      host: target.address,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: request.headers,
    });
    upstream.once('upgrade', (answer, other, rest) => {
      const lines = answer.rawHeaders.flatMap((word, i, all) => (i % 2 ? [] : [`${word}: ${all[i + 1]}`]));
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      if (rest.length > 0) socket.write(rest);
      if (head.length > 0) other.write(head);
      socket.pipe(other).pipe(socket);
      for (const each of [socket, other]) each.on('error', () => (socket.destroy(), other.destroy()));
    });
    // A server may refuse, or know no other protocol.
    upstream.once('response', (answer) => {
      for (const name of HOP_BY_HOP) delete answer.headers[name];
      const response = new http.ServerResponse(request);
      response.assignSocket(socket);
      response.once('finish', () => socket.end());
      response.writeHead(answer.statusCode, answer.statusMessage, { ...answer.headers, connection: 'close' });
      answer.pipe(response);
    });
    upstream.once('error', () => socket.destroy());
    return upstream.end();
  });
  server.keepAliveTimeout = idleMs > 0 ? idleMs : 300_000;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  return server;
};
