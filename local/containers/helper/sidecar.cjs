'use strict';
// Holds the network of a task, and does in it what ECS does: the folders of volumes with Fargate's owner, the metadata address, and the
// proxy of Service Connect for the names that the task's own /etc/hosts has.
const { spawnSync } = require('node:child_process');
const net = require('node:net');
const { prepare } = require('./folders.cjs');
const { join, lines } = require('./sockets.cjs');
const { proxyHttp } = require('./http-proxy.cjs');
const { nft } = require('./nft.cjs');

const METADATA = '169.254.170.2';
const { gateway, statePort, controlPort, aliases, served, folders } = JSON.parse(process.env.SIDECAR);
let endpoints = {};
let filter;
const turns = {};

/** The tasks behind an alias in turn. */
function pick(key) {
  const list = endpoints[key] ?? [];
  turns[key] = (turns[key] ?? -1) + 1;
  return list[turns[key] % Math.max(1, list.length)];
}

function address(...words) {
  const { status, stderr } = spawnSync('ip', [...words, 'dev', 'lo'], { encoding: 'utf8' });
  if (status !== 0) console.error(`ip ${words.join(' ')}: ${stderr}`);
}

const listen = (server, port, host) =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, resolve);
  });

/**
 * Connections to the addresses of aliases go to the proxy's own ports, as in ECS: the port of an alias stays free for the containers of
 * the task, one of which may serve it.
 */
function redirect(rules) {
  const script = ['ip', 'ip6']
    .map((family) => ({ family, own: rules.filter((each) => each.family === family) }))
    .filter(({ own }) => own.length > 0)
    .map(({ family, own }) => {
      const chain = ['type nat hook output priority -100', ...own.map(({ rule }) => rule)].join('\n    ');
      return `table ${family} connect {\n  chain output {\n    ${chain}\n  }\n}`;
    });
  if (script.length > 0) nft(`${script.join('\n')}\n`);
}

/** What comes to a served port from outside of the task goes through the proxy of the server, whoever sends it. */
async function serve() {
  const rules = [];
  for (const { port, http, ...limits } of served) {
    const local = () => ({ address: '127.0.0.1', port });
    const server = http ? proxyHttp(local, limits) : proxyTcp(local, limits);
    await listen(server, 0, '0.0.0.0');
    rules.push(`    iif != lo tcp dport ${port} redirect to :${server.address().port}\n`);
  }
  const chain = `  chain prerouting {\n    type nat hook prerouting priority -100\n${rules.join('')}  }\n`;
  if (rules.length > 0) nft(`table ip served {\n${chain}}\n`);
}

/** TCP: an idle connection is closed after the alias's idle timeout. */
function proxyTcp(next, { idleMs }) {
  return net.createServer({ allowHalfOpen: true }, (client) => {
    const target = next();
    if (!target) return client.destroy();
    const upstream = net.connect({ host: target.address, port: target.port, allowHalfOpen: true });
    if (idleMs > 0) client.setTimeout(idleMs, () => client.destroy());
    return join(client, upstream);
  });
}

/** Security groups change with the machines that are in them. */
function enforce(script) {
  if (script === filter) return;
  nft(script);
  filter = script;
}

/** Resolves with the first state: what starts in this task finds its names served, and no port open that its security groups close. */
function follow() {
  return new Promise((resolve) => {
    const socket = net.connect(statePort, gateway);
    lines(socket, (state) => {
      endpoints = state.endpoints;
      // A task that has left the network is about to end.
      if (state.filter !== undefined) enforce(state.filter);
      if (filter !== undefined) resolve();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => setTimeout(follow, 500));
  });
}

async function main() {
  folders.forEach(prepare);
  address('address', 'add', `${METADATA}/32`);
  for (const { ipv6 } of aliases) address('-6', 'address', 'add', `${ipv6}/128`);
  const metadata = net.createServer((client) => join(client, net.connect(controlPort, gateway)));
  await listen(metadata, 80, METADATA);
  const rules = [];
  for (const alias of aliases) {
    const next = () => pick(`${alias.name}:${alias.port}`);
    for (const [family, host, address] of [
      ['ip', '127.0.0.1', alias.ipv4],
      ['ip6', '::1', alias.ipv6],
    ]) {
      const server = alias.http ? proxyHttp(next, alias) : proxyTcp(next, alias);
      await listen(server, 0, host);
      rules.push({ family, rule: `${family} daddr ${address} tcp dport ${alias.port} redirect to :${server.address().port}` });
    }
  }
  redirect(rules);
  await serve();
  await follow();
  console.log('ready');
}

process.on('uncaughtException', (error) => console.error(error));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
