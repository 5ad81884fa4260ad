'use strict';
// Packet filters of the namespace, each script in one step.
const { spawnSync } = require('node:child_process');

exports.nft = (script) => {
  const { status, stderr, error } = spawnSync('nft', ['-f', '-'], { input: script, encoding: 'utf8' });
  if (status !== 0) throw new Error(`nft: ${error?.message ?? stderr}`);
};
