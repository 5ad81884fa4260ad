import * as path from 'node:path';
import { ROOT, Runner } from './runner';

// The command itself, which shares its folders with every other demo of this checkout: the lane `containers` runs this when the others have
// ended.
jest.setTimeout(240_000);

describe('npm run demo', () => {
  const words = (engine: string, ...more: string[]) => ['scripts/demo.mjs', 'geolocation', '--engine', engine, ...more];

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('that gets %s alone while it synthesises ends with everything that it started', async (signal, code) => {
    // Choices that nobody has made before: what is synthesised already is not made again.
    const demo = new Runner(words('process', '--deploy', `moment=${Date.now()}`));
    await demo.says('(moment=');
    demo.signal(signal);
    expect(await demo.ended).toBe(code);
    expect(await demo.leftOver('examples/geolocation/app.ts')).toEqual([]);
  });

  test.each(['container', 'process'])('with the %s engine ends with Ctrl-C, and so does everything', async (engine) => {
    const demo = new Runner(words(engine));
    await demo.says('Open ');
    demo.interrupt();
    expect(await demo.ended).toBe(0);
    expect(await demo.leftOver(path.join(ROOT, '.cache', 'demo', 'runs'))).toEqual([]);
  });

  test.each(['container', 'process'])('that is killed with the %s engine takes everything with it', async (engine) => {
    const demo = new Runner(words(engine));
    await demo.says('Open ');
    demo.signal('SIGKILL');
    expect(await demo.leftOver(path.join(ROOT, '.cache', 'demo', 'runs'))).toEqual([]);
  });
});
