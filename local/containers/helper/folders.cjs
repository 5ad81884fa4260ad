'use strict';
// Gives the folders of volumes the owner that ECS gives them: in the helper of a task, or alone where the network is not the task's own.
const fs = require('node:fs');

exports.prepare = ({ path, uid, gid, mode }) => {
  // A volume that outlives the task keeps what it has.
  fs.chownSync(path, uid, gid);
  fs.chmodSync(path, mode);
};

if (require.main === module) {
  JSON.parse(process.env.FOLDERS).forEach(exports.prepare);
  console.log('ready');
}
