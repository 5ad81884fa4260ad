import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { makeScratch, removeDeadScratch } from '../process/scratch';
import { withRemedy } from '../run/remedy';

describe('errors from far below', () => {
  test.each([
    ['ENOSPC: no space left on device, write', 'a disk is full: free space where this checkout and the temporary files are'],
    ['(HTTP code 500) server error - write /x: no space left on device', 'in the engine (docker system prune)'],
    [
      'listen EADDRINUSE: address already in use 127.10.0.1:80',
      'another program took the port while the run started; start it again',
    ],
  ])('%s is told with its remedy', (message, remedy) => {
    expect(withRemedy(new Error(message)).message).toContain(`${message}; `);
    expect(withRemedy(new Error(message)).message).toContain(remedy);
  });

  test('that are not known stay as they are', () => {
    const error = new Error('something else');
    expect([withRemedy(error), error.message]).toEqual([error, 'something else']);
  });
});

describe('temporary folders', () => {
  // A folder of this test's own: to the lives that it makes up, every other run of this machine would be dead.
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'scratch-'));
  afterAll(() => fs.rmSync(parent, { recursive: true, force: true }));

  test('of a runner that lives stay, and those of a dead one go', () => {
    const folder = makeScratch('images', parent);
    fs.writeFileSync(path.join(folder, 'file'), '');
    const others = fs.mkdtempSync(path.join(parent, 'cdk-ecs-mesh-images-another-machine-1-'));
    expect(removeDeadScratch(parent, (pid) => pid === process.pid)).toEqual([]);
    expect(removeDeadScratch(parent, (pid) => pid !== process.pid)).toEqual([path.basename(folder)]);
    expect([fs.existsSync(folder), fs.existsSync(others)]).toEqual([false, true]);
  });
});
