'use strict';
// Both ends of the gateway speak with these: the helper containers, where nothing is compiled, and the runner.

/** Two sockets become one connection: what one side says or does, the other hears, half-closed ends and resets included. */
exports.join = (one, other) => {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ]) {
    from.setNoDelay(true);
    from.pipe(to);
    from.on('error', () => to.resetAndDestroy());
    from.once('close', () => to.destroy());
  }
};

/** Calls `heard` with each line of JSON that a socket sends. */
exports.lines = (socket, heard) => {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    const all = `${rest}${chunk}`.split('\n');
    rest = all.pop();
    for (const line of all) heard(JSON.parse(line));
  });
};

/** The first line of a socket; what follows it stays in the socket for the next reader. */
exports.firstLine = (socket, heard) => {
  const take = () => {
    const chunks = [];
    for (let chunk; (chunk = socket.read()) !== null;) chunks.push(chunk);
    if (chunks.length === 0) return;
    const all = Buffer.concat(chunks);
    const end = all.indexOf(10);
    if (end < 0) return void socket.unshift(all);
    socket.off('readable', take);
    if (end + 1 < all.length) socket.unshift(all.subarray(end + 1));
    heard(all.subarray(0, end).toString('utf8'));
  };
  socket.on('readable', take);
};
