import * as fs from 'node:fs';
import { PassThrough } from 'node:stream';
import Docker from 'dockerode';

/** A helper is ready in a second; on a machine with much else to do, in twenty. */
const READY_MS = 60_000;

/** Writes what a container says to a file, from before it starts; what it returns resolves when the container says no more. */
export async function writeOutput(container: Docker.Container, file: string): Promise<{ readonly ended: Promise<void> }> {
  const stream = await container.attach({ stream: true, stdout: true, stderr: true });
  const log = fs.createWriteStream(file, { flags: 'a' });
  log.on('error', () => undefined);
  container.modem.demuxStream(stream, log, log);
  stream.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close']) stream.once(event, resolve);
  });
  void ended.then(() => log.end());
  return { ended };
}

/** Starts a container, and resolves once it says a word; rejects with what it said instead. */
export async function startUntil(container: Docker.Container, word: string): Promise<void> {
  const stream = await container.attach({ stream: true, stdout: true, stderr: true });
  const text = new PassThrough();
  container.modem.demuxStream(stream, text, text);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const fail = () => reject(new Error(`the helper container does not start: ${said.trim() || 'it says nothing'}`));
    const timer = setTimeout(fail, READY_MS);
    text.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(word)) resolve();
    });
    for (const event of ['end', 'close']) {
      stream.once(event, () => {
        clearTimeout(timer);
        setTimeout(fail, 50);
      });
    }
    container.start().catch(reject);
  }).finally(() => (stream as NodeJS.ReadableStream & { destroy?: () => void }).destroy?.());
}
