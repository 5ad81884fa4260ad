import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Proof } from './proof';
import { expect, Visitor } from './visitor';

/** The script that is run against a deployment, run against this run: from outside, by the public name. */
export const SMOKE_TEST: Proof = {
  name: 'the smoke test for deployments passes',
  prove: async (visitor) => {
    const { code, output } = await smoke(visitor);
    const failed = output.match(/^FAIL .*$/gm) ?? [];
    expect(code === 0 && failed.length === 0, failed.join('; ') || `it ended with ${code}: ${output.slice(-300)}`);
    const passed = output.match(/^PASS /gm)?.length ?? 0;
    expect(passed >= 9, `only ${passed} checks ran:\n${output}`);
    return `${passed} checks of scripts/smoke.mjs`;
  },
};

function smoke(visitor: Visitor): Promise<{ code: number; output: string }> {
  const { run, external } = visitor;
  const authority = path.join(run.logDirectory, 'certificate.pem');
  fs.writeFileSync(authority, run.certificate?.cert ?? '');
  const name = visitor.nameOf(external);
  const detours = external.listeners.flatMap(({ plan, address, port }) => [
    '--connect-to',
    `${name}:${plan.port}:${address}:${port}`,
  ]);
  const script = path.join(run.options.root, 'scripts', 'smoke.mjs');
  const args = [script, `https://${name}`, '--cacert', authority, ...detours];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, output: `${stdout}${stderr}` }),
    );
  });
}
