/**
 * Holds the official images to the contracts that the stand-ins keep: `node scripts/check-stand-ins.mjs`. They are pulled into a storage of
 * Podman of their own. Where no registry answers, each is "not run", and that is no failure.
 */
import { join } from 'node:path';
import { brokenRows, lastLine } from './stand-ins/contract.mjs';
import { say } from './install.mjs';
import { Podman } from './podman.mjs';
import { STAND_INS } from './stand-ins.mjs';
import { inTemporaryFolder } from './workbench.mjs';

/** What a registry answers that knows no such image; everything else means that there is none to ask. */
const GONE = /manifest unknown|not found|name unknown/i;

await inTemporaryFolder('official', async (folder, afterwards) => {
  const engine = new Podman(join(folder, 'podman'), join(folder, 'storage'));
  afterwards(() => engine.stop());
  const podman = (words, options) => engine.run(words, options);
  const counts = { passed: 0, failed: 0, 'not run': 0 };
  for (const standIn of STAND_INS) {
    for (const name of standIn.names) counts[await judge(podman, name, standIn)]++;
  }
  say(`official images: ${counts.passed} passed, ${counts.failed} failed, ${counts['not run']} not run`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
});

async function judge(podman, name, standIn) {
  const pulled = await podman(['pull', '--quiet', name], { allowFailure: true });
  if (pulled.status !== 0) {
    const reason = lastLine(pulled);
    if (GONE.test(reason)) return said('failed', `FAIL  ${name}: ${reason}`);
    return said('not run', `not run  ${name}: no registry answers here`);
  }
  const broken = await brokenRows(podman, name, standIn);
  await podman(['image', 'rm', '--force', name], { allowFailure: true });
  if (broken.length === 0)
    return said('passed', `PASS  ${name} keeps the contract of its stand-in (${standIn.contract.length} rows)`);
  for (const row of broken) say(`FAIL  ${row}`);
  return 'failed';
}

function said(outcome, line) {
  say(line);
  return outcome;
}
