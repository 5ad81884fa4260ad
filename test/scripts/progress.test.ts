import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** What a person sees of a step whose command is a script for Node.js; no terminal is here. */
function shown(script: string, options = ''): { said: string; error: string } {
  const program = `import { step } from './scripts/progress.mjs';
    await step('doing it', process.execPath, ['-e', ${JSON.stringify(script)}], { cwd: '.', ${options} }).catch(({ message }) => console.error(message));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT, encoding: 'utf8' });
  return { said: stdout, error: stderr };
}

describe('NU-23: a first command is a line with its time', () => {
  test('whatever its program prints of engines and ends of life', () => {
    const { said, error } = shown(`console.log('!! end of life !!'); console.error('npm warn EBADENGINE')`);
    expect(said).toMatch(/^doing it: done after \d+ s\n$/);
    expect(error).toBe('');
  });

  test('its output is shown where it fails', () => {
    const { said, error } = shown(`console.log('what went wrong'); process.exit(3)`);
    expect(said).toMatch(/^doing it: failed after \d+ s\n$/);
    expect(error).toContain('ended with 3\nwhat went wrong');
  });

  test('warnings that are asked for are shown', () => {
    const { said } = shown(`console.log('[Warning at /Shop] take care'); console.log('noise')`, 'warning: /warning/i');
    expect(said).toContain('[Warning at /Shop] take care');
    expect(said).not.toContain('noise');
  });
});
