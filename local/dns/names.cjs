'use strict';
// Loaded into every Node process of the run with --require. It makes the names of the VPC resolve, keeps "localhost" private to a task,
// and binds servers to the task's own address. Configuration comes by environment variables, so that it works without any import:
//   MESH_NAMES  the JSON file of names-table.ts
//   MESH_SELF   this task's ports, as JSON: {"8080": {"address": "127.30.0.1", "port": 41234}}
//   MESH_BIND   the address that replaces 0.0.0.0 in listen()
const dns = require('node:dns');
const fs = require('node:fs');
const net = require('node:net');

const file = process.env.MESH_NAMES;
const self = JSON.parse(process.env.MESH_SELF || '{}');
const bind = process.env.MESH_BIND;
const LOCALHOST = new Set(['localhost', '127.0.0.1', '::1']);
const ANY = new Set(['0.0.0.0', '::', '', undefined, null]);

let table = {};
let readAt = 0;
let stamp = 0;
let turn = 0;

function names() {
  const now = Date.now();
  if (file && now - readAt > 100) {
    readAt = now;
    try {
      const changed = fs.statSync(file).mtimeMs;
      if (changed !== stamp) {
        stamp = changed;
        table = JSON.parse(fs.readFileSync(file, 'utf8')).names;
      }
    } catch {
      // The file goes when the run ends; the last known names do for that moment.
    }
  }
  return table;
}

function targetsOf(host) {
  return typeof host === 'string' ? names()[host.toLowerCase().replace(/\.$/, '')] : undefined;
}

/** Where a connection to host:port really goes, or undefined to leave it alone. */
function route(host, port) {
  if (LOCALHOST.has(host)) {
    const own = self[port];
    return own && { host: own.address, port: own.port };
  }
  const targets = targetsOf(host);
  if (!targets || targets.length === 0) return undefined;
  const target = targets[turn++ % targets.length];
  return { host: target.address, port: (target.ports && target.ports[port]) || port };
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function meshConnect(...args) {
  // net.connect() hands over its own normalised [options, callback]; everybody else passes options or port and host.
  const given = Array.isArray(args[0]) ? args[0] : args;
  const callback = given.find((value) => typeof value === 'function');
  const options =
    typeof given[0] === 'object' && given[0] !== null
      ? given[0]
      : { port: given[0], host: typeof given[1] === 'string' ? given[1] : undefined };
  if (!options.path && options.port !== undefined) {
    const to = route(options.host === undefined ? 'localhost' : options.host, Number(options.port));
    // A copy: TLS still checks the certificate against the name in the caller's own options.
    if (to) return connect.call(this, { ...options, ...to }, ...(callback ? [callback] : []));
  }
  return connect.apply(this, args);
};

const lookup = dns.lookup;
function meshLookup(host, options, callback) {
  const done = typeof options === 'function' ? options : callback;
  const targets = targetsOf(host);
  if (!targets) return lookup.call(dns, host, options, callback);
  const all = typeof options === 'object' && options !== null && options.all;
  const list = targets.map(({ address }) => ({ address, family: 4 }));
  if (list.length === 0) {
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      hostname: host,
    });
    process.nextTick(done, error);
  } else if (all) process.nextTick(done, null, list);
  else process.nextTick(done, null, list[0].address, 4);
  return {};
}
dns.lookup = meshLookup;

const promised = dns.promises.lookup;
dns.promises.lookup = (host, options) => {
  if (!targetsOf(host)) return promised.call(dns.promises, host, options);
  return new Promise((resolve, reject) => {
    meshLookup(host, options || {}, (error, address, family) => {
      if (error) reject(error);
      else resolve(Array.isArray(address) ? address : { address, family });
    });
  });
};

if (bind) {
  const listen = net.Server.prototype.listen;
  // A program that knows only its container port is moved to where that port really is.
  const moved = (port) => (self[port] ? self[port].port : port);
  net.Server.prototype.listen = function meshListen(...args) {
    const [first, second] = args;
    if (typeof first === 'object' && first !== null && first.port !== undefined && ANY.has(first.host)) {
      args[0] = { ...first, host: bind, port: moved(first.port) };
    } else if (typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))) {
      if (typeof second !== 'string') args.splice(0, 1, moved(first), bind);
      else if (ANY.has(second)) args.splice(0, 2, moved(first), bind);
    }
    return listen.apply(this, args);
  };
}
