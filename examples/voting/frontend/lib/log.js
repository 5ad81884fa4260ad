'use strict';

/** One JSON object a line, as CloudWatch Logs Insights reads it. */
function log(level, message, fields = {}) {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}

module.exports = { log };
