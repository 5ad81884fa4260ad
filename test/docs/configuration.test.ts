import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'configuration.md'), 'utf8');

/** A function of the page, as a reader would paste it. */
function pasted<T>(name: string): T {
  const code = [...page.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((match) => match[1]).find((block) => block.includes(name))!;
  return new Function(`${code}; return ${name};`)() as T;
}

type Read = (name: string) => Promise<string>;
type FlagReader = (read: Read, path: string, maxAge: number, now: () => number) => (flag: string) => Promise<boolean>;
type Connect = (password: string) => Promise<string>;
type ConnectRotated = (connect: Connect, readSecret: () => Promise<string>, password: string, options: object) => Promise<unknown>;

describe('a flag in the code', () => {
  let time = 0;
  const read = jest.fn<Promise<string>, [string]>();
  const flag = pasted<FlagReader>('flagReader')(read, '/shop/flags/', 30_000, () => time);
  const at = (ms: number) => {
    time = ms;
    return flag('beta');
  };

  test('is read once in half a minute, and keeps its last answer in an outage', async () => {
    read.mockResolvedValueOnce('true').mockRejectedValueOnce(new Error('down')).mockResolvedValueOnce('false');
    expect([await at(0), await at(29_999), await at(30_000), await at(59_999), await at(60_000)]).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(read.mock.calls).toEqual([['/shop/flags/beta'], ['/shop/flags/beta'], ['/shop/flags/beta']]);
  });
});

describe('a rotated password', () => {
  const connectRotated = pasted<ConnectRotated>('connectRotated');
  const refused = Object.assign(new Error('password authentication failed'), { code: '28P01' });
  const wait = jest.fn(async () => {});

  /** A database that takes one password, and a secret that has the new one only when it is read for the second time. */
  const connect: Connect = async (password) => (password === 'new' ? 'connected' : Promise.reject(refused));
  const slowSecret = () => jest.fn().mockResolvedValueOnce('{"password":"old"}').mockResolvedValue('{"password":"new"}');

  test('a running task reads the secret again until the database takes it', async () => {
    const readSecret = slowSecret();
    expect(await connectRotated(connect, readSecret, 'old', { wait })).toEqual({ connection: 'connected', password: 'new' });
    expect([readSecret.mock.calls.length, wait.mock.calls]).toEqual([2, [[800]]]);
  });

  test('it gives up after eight tries, and at once on other errors', async () => {
    const readSecret = jest.fn().mockResolvedValue('{"password":"old"}');
    await expect(connectRotated(connect, readSecret, 'old', { wait })).rejects.toBe(refused);
    expect(readSecret).toHaveBeenCalledTimes(7);
    const other = Object.assign(new Error('too many connections'), { code: '53300' });
    await expect(connectRotated(() => Promise.reject(other), slowSecret(), 'old', { wait })).rejects.toBe(other);
  });
});
