'use strict';
// The resolver of the VPC: A records of the run's names, from the state that the runner sends; other questions go to the resolver that
// the engine gave this container.
const dgram = require('node:dgram');
const fs = require('node:fs');

const ANSWER_TTL = 5;
const [A, NAME_ERROR] = [1, 3];

/** The name and the type of a message's only question, and where the question ends. */
function question(message) {
  const labels = [];
  let at = 12;
  for (let length; (length = message[at]) !== 0; at += length + 1) labels.push(message.toString('latin1', at + 1, at + 1 + length));
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function answer(message, { type, end }, addresses) {
  const found = type === A ? addresses : [];
  const head = Buffer.from(message.subarray(0, end));
  head.writeUInt16BE(0x8580 | (addresses.length === 0 ? NAME_ERROR : 0), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(found.length, 6);
  head.writeUInt32BE(0, 8);
  const records = found.map((address) => {
    const record = Buffer.from([0xc0, 12, 0, A, 0, 1, 0, 0, 0, ANSWER_TTL, 0, 4, ...address.split('.').map(Number)]);
    return record;
  });
  return Buffer.concat([head, ...records]);
}

exports.serveNames = (address, namesOf) => {
  const upstream = /^nameserver\s+(\d+\.\S+)/m.exec(fs.readFileSync('/etc/resolv.conf', 'utf8'))?.[1];
  const server = dgram.createSocket('udp4');
  let turn = 0;
  server.on('message', (message, client) => {
    try {
      const asked = question(message);
      const known = namesOf()[asked.name];
      if (known) {
        const start = turn++ % Math.max(1, known.length);
        server.send(answer(message, asked, [...known.slice(start), ...known.slice(0, start)]), client.port, client.address);
      } else if (upstream && upstream !== address) {
        const out = dgram.createSocket('udp4');
        const timer = setTimeout(() => out.close(), 5000);
        out.once('message', (reply) => {
          clearTimeout(timer);
          out.close();
          server.send(reply, client.port, client.address);
        });
        out.on('error', () => undefined);
        out.send(message, 53, upstream);
      } else server.send(answer(message, asked, []), client.port, client.address);
    } catch {
      // Not a question.
    }
  });
  server.bind(53, address);
};
