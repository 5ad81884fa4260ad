'use strict';
const { hostname } = require('node:os');

/** The last characters of the ECS task's id; outside of ECS the name of the machine. */
async function readTaskId({ ECS_CONTAINER_METADATA_URI_V4: uri }) {
  if (!uri) return hostname();
  try {
    const response = await fetch(`${uri}/task`, { signal: AbortSignal.timeout(1000) });
    return (await response.json()).TaskARN.split('/').at(-1).slice(-8);
  } catch {
    return hostname();
  }
}

module.exports = { readTaskId };
