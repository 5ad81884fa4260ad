'use strict';
// The run's own machine in the network of the tasks. It has the addresses of everything that the runner itself runs (load balancers,
// stores, hosts), takes connections there and hands them to the runner through one published port; the other way round, it makes the
// runner's connections to tasks, from the address that the runner names. So nothing depends on where the engine is.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const { firstLine, join, lines } = require('./sockets.cjs');
const { serveNames } = require('./names.cjs');
const { nft } = require('./nft.cjs');

const { token, address: own, port, statePort } = JSON.parse(process.env.GATEWAY);
let state = { addresses: [], listeners: [], names: {}, endpoints: {}, filters: {} };
let control;
let calls = 0;
const waiting = new Map();
const listening = new Map();
let current = new Map();
const followers = new Set();

function ip(...words) {
  const { status, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  if (status !== 0 && !/exists|already assigned/i.test(stderr)) console.error(`ip ${words.join(' ')}: ${stderr}`);
}

/** Give a connection to the runner, which comes back for it; or to a container behind a host's port. */
function receive(listener, socket) {
  if (!listener) return socket.destroy();
  const from = callerOf(socket);
  if (listener.forward) {
    const localAddress = state.addresses.includes(from) ? from : undefined;
    return join(socket, net.connect({ ...listener.forward, localAddress, allowHalfOpen: true }));
  }
  if (!control) return socket.destroy();
  const call = ++calls;
  waiting.set(call, socket);
  socket.once('close', () => waiting.delete(call));
  socket.on('error', () => undefined);
  control.write(`${JSON.stringify({ call, address: listener.address, port: listener.port, from })}\n`);
}

const callerOf = (socket) => (socket.remoteAddress ?? '').replace(/^::ffff:/, '');

function apply(next) {
  // Before the first of its listeners is open.
  if (next.filters[own] !== state.filters[own]) nft(next.filters[own]);
  for (const address of next.addresses)
    if (!state.addresses.includes(address)) ip('address', 'add', `${address}/16`, 'dev', 'eth0');
  state = next;
  const wanted = new Map(next.listeners.map((listener) => [`${listener.address}:${listener.port}`, listener]));
  current = wanted;
  for (const [key, server] of listening) {
    if (wanted.has(key)) continue;
    server.close();
    listening.delete(key);
  }
  const opened = [...wanted].map(([key, listener]) => {
    if (listening.has(key)) return undefined;
    const server = net.createServer({ allowHalfOpen: true }, (socket) => receive(current.get(key), socket));
    listening.set(key, server);
    return new Promise((resolve) => {
      server.once('error', (error) => (console.error(`${key}: ${error.message}`), resolve()));
      server.listen(listener.port, listener.address, resolve);
    });
  });
  for (const follower of followers) tell(follower);
  return Promise.all(opened);
}

const tell = (follower) =>
  follower.write(`${JSON.stringify({ endpoints: state.endpoints, filter: state.filters[callerOf(follower)] })}\n`);

function obey(socket, request) {
  if (request.token !== token) return socket.destroy();
  if (request.op === 'control') {
    control = socket;
    lines(socket, (next) => void apply(next).then(() => socket.write(`${JSON.stringify({ applied: next.version })}\n`)));
    // Without its runner, the run is over.
    socket.once('close', () => process.exit(0));
    return undefined;
  }
  if (request.op === 'take') {
    const taken = waiting.get(request.call);
    waiting.delete(request.call);
    return taken ? join(socket, taken) : socket.destroy();
  }
  if (request.op === 'write') return socket.pipe(fs.createWriteStream(request.path)).once('finish', () => socket.end('ok\n'));
  const { to, port: number, from } = request;
  const target = net.connect({ host: to, port: number, localAddress: from, allowHalfOpen: true });
  target.once('connect', () => {
    socket.write('ok\n');
    join(socket, target);
  });
  target.once('error', (error) => socket.destroyed || socket.end(`${error.code}\n`));
  socket.once('close', () => target.destroy());
  return socket.on('error', () => target.destroy());
}

net
  .createServer({ allowHalfOpen: true }, (socket) => firstLine(socket, (line) => obey(socket, JSON.parse(line))))
  .listen(port, '0.0.0.0', () => console.log('ready'));
// The proxies of the tasks follow the endpoints of Service Connect here.
net
  .createServer((socket) => {
    followers.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => followers.delete(socket));
    tell(socket);
  })
  .listen(statePort, own);
serveNames(own, () => state.names);
process.on('uncaughtException', (error) => console.error(error));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
