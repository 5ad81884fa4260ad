/** First commands without pages of foreign output: a line with the time each step takes, and its output only where it fails. */
import { spawn } from 'node:child_process';

const REDRAW_MS = 1000;
/** A step that takes less is worth one line. */
const SHORT_MS = 2000;
const SHOWN_LINES = 60;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a command in a folder; rejects with the end of its output if it fails. `warning` finds the lines that people see even so, and that it resolves with. */
export async function step(label, command, args, { cwd, warning }) {
  const clock = startClock(label);
  const { status, output } = await quietly(command, args, cwd).finally(clock.stop);
  clock.end(status === 0 ? 'done' : 'failed');
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${status}\n${tail(output)}`);
  const warnings = output.split('\n').filter((line) => warning?.test(line));
  for (const line of warnings) process.stdout.write(`${line}\n`);
  return warnings;
}

/** In a terminal one line that counts; elsewhere a line at the end, and one before if it takes its time. */
function startClock(label) {
  const started = Date.now();
  const elapsed = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;
  const { isTTY } = process.stdout;
  const draw = (text) => process.stdout.write(`\r\x1b[K${text}`);
  const line = (text) => process.stdout.write(`${text}\n`);
  if (isTTY) draw(`${label} ...`);
  const timer = isTTY
    ? setInterval(() => draw(`${label} ... ${elapsed()}`), REDRAW_MS)
    : setTimeout(() => line(`${label} ...`), SHORT_MS);
  return {
    stop: () => clearTimeout(timer),
    end: (word) => (isTTY ? draw : line)(`${label}: ${word} after ${elapsed()}${isTTY ? '\n' : ''}`),
  };
}

function quietly(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const windows = process.platform === 'win32';
    // A group of its own, which ends with this process: npm and npx would leave what they start behind.
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: windows, detached: !windows });
    const end = (signal) => {
      if (windows) child.kill();
      else process.kill(-child.pid, 'SIGTERM');
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    for (const signal of SIGNALS) process.once(signal, end);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    child.once('error', (error) => reject(new Error(`${command} cannot be started: ${error.message}`)));
    child.once('close', (status) => {
      for (const signal of SIGNALS) process.off(signal, end);
      resolve({ status, output });
    });
  });
}

function tail(output) {
  return output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}
