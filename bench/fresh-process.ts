import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a script in a fresh process, with a folder for what it writes as its last argument, and returns the JSON of its last line. */
export function inFreshProcess<T>(args: string[], isValidated = false): T {
  const output = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const env = {
      ...process.env,
      CDK_VALIDATION: `${isValidated}`,
      JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
    };
    const text = execFileSync(process.execPath, [...args, output], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 180_000,
    });
    return JSON.parse(text.trim().split('\n').pop()!) as T;
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}
