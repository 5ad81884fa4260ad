'use strict';
// A second pair of eyes: it knows every process of the run and ends them if the runner goes away without doing so itself (SIGKILL, a
// crash of the machine's terminal). The runner holds this process's stdin open; end of input means that the runner is gone.
const readline = require('node:readline');

const groups = new Set();
const signal = (name) => {
  for (const pid of groups) {
    try {
      process.kill(-pid, name);
    } catch {
      groups.delete(pid); // gone already
    }
  }
};

// The terminal sends Ctrl-C to everybody; this process must outlive the runner.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('SIGHUP', () => {});
readline
  .createInterface({ input: process.stdin })
  .on('line', (line) => (line[0] === '+' ? groups.add(Number(line.slice(1))) : groups.delete(Number(line.slice(1)))))
  .on('close', () => {
    signal('SIGTERM');
    setTimeout(() => signal('SIGKILL'), groups.size > 0 ? 2000 : 0);
  });
