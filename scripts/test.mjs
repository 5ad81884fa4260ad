/**
 * Everything that can be tested without an AWS account, in one command:
 *
 *   npm test                        all lanes, as many at once as the machine has processors
 *   npm test -- --only unit         one of them (repeat the option for more)
 *
 * A lane that lacks a program installs it where it may (as root on Debian), else it is named as not run. The last line is
 * `N passed, N failed`, and `, N skipped` where lanes did not run.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { installIfNeeded, say } from './install.mjs';
import { Lane, LANES } from './lanes.mjs';
import { need, NotHere } from './workbench.mjs';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const names = LANES.map(({ name }) => name);
const unknown = (values.only ?? []).filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`there is no lane ${unknown.join(', ')}; there are ${names.join(', ')}\n`);
  process.exit(2);
}
const chosen = LANES.filter(({ name }) => !values.only || values.only.includes(name));
const lanes = chosen.map((definition) => new Lane(definition, chosen.length > 1));
const ended = [];

await installIfNeeded();
await prepare();
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));

for (const lane of ended.filter(({ failed }) => failed > 0)) for (const line of lane.remembered) lane.say(line);
for (const { name, passed, failed, note, seconds } of ended)
  say(`${name}: ${passed} passed, ${failed} failed in ${seconds} s${note ? ` (${note})` : ''}`);
const sum = (field) => ended.reduce((total, lane) => total + lane[field], 0);
const skipped = sum('skipped');
say(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = sum('failed') === 0 ? 0 : 1;

/** Brings what the lanes need, one after the other: package managers wait for nobody. */
async function prepare() {
  for (const lane of lanes) {
    for (const program of lane.needs ?? []) {
      try {
        await need(...program);
      } catch (error) {
        lane.lacks = error;
      }
    }
  }
}

/** Takes lanes until none is left; a lane whose turn has not come is waited for. */
async function work() {
  for (;;) {
    const early = ({ after = [] }) => lanes.some((lane) => after.includes(lane.name) && !ended.includes(lane));
    const next = lanes.find((lane) => !lane.started && !early(lane));
    if (next) await run(next);
    else if (lanes.every((lane) => lane.started)) return;
    else await Promise.race(lanes.filter((lane) => lane.started && !ended.includes(lane)).map((lane) => lane.started));
  }
}

async function run(lane) {
  const begun = Date.now();
  lane.skipped = 0;
  let finish;
  lane.started = new Promise((resolve) => (finish = resolve));
  lane.say(`=== ${lane.name}: ${lane.about}`);
  try {
    if (lane.lacks) throw lane.lacks;
    await lane.run(lane);
    if (lane.passed + lane.failed === 0) throw new Error('nothing was tested');
  } catch (error) {
    lane.note = error.message;
    if (error instanceof NotHere) Object.assign(lane, { skipped: 1, note: `not run: ${error.message}` });
    else lane.failed++;
  }
  lane.seconds = ((Date.now() - begun) / 1000).toFixed(0);
  lane.say(`${lane.passed} passed, ${lane.failed} failed in ${lane.seconds} s${lane.note ? ` (${lane.note})` : ''}`);
  ended.push(lane);
  finish();
}
