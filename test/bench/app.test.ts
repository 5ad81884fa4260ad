import { randomAddresses } from '../../bench/app/addresses';
import { parseCacheStates, renderCacheStates } from '../../bench/app/cache-states';
import { CpuProfile, selfTimes, sourceInBundle } from '../../bench/app/cpu-profile';
import { growthPerMinute } from '../../bench/app/memory-case';
import { STEPS } from '../../bench/app/plan';
import { Asked, between, isFailure, percentile, probeCommand, readProbe, recoveryMs, windows } from '../../bench/app/probe';
import { cpuMicrosOf, residentMiBOf } from '../../bench/app/process-usage';
import { parseRedisBenchmark, redisBenchmarkCommand } from '../../bench/app/redis-benchmark';
import { comparison, inTurn, renderSpread, shareOf, total, Turn } from '../../bench/app/turns';
import { milliseconds, parseWrk, wrkCommand } from '../../bench/app/wrk';

const WRK = `Running 1s test @ http://127.0.0.1:18111/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.85ms    3.07ms  33.63ms   90.91%
    Req/Sec    30.62k    16.10k   47.80k    70.00%
  Latency Distribution
     50%  798.00us
     75%    1.27ms
     90%    4.43ms
     99%   16.40ms
  30422 requests in 1.00s, 12.30MB read
Requests/sec:  30344.92
Transfer/sec:     12.27MB
`;
const FAILING = WRK.replace(
  'Requests/sec',
  '  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 90\nRequests/sec',
);

describe('wrk', () => {
  test('rate, percentiles and requests are read', () => {
    expect(parseWrk(WRK)).toEqual({ requests: 30422, perSecond: 30344.92, p50Ms: 0.798, p99Ms: 16.4, failures: 0 });
  });

  test('seconds come with a blank behind them', () => expect(parseWrk(WRK.replace('16.40ms', '1.64s ')).p99Ms).toBe(1640));

  test('refused and broken requests are failures', () => expect(parseWrk(FAILING).failures).toBe(100));

  test('what measured nothing is an error with what it said', () => {
    expect(() => parseWrk('unable to connect\n')).toThrow('wrk measured nothing: unable to connect');
  });

  test.each([
    ['812.00us', 0.812],
    ['3.21ms', 3.21],
    ['1.20s', 1200],
    ['2m', 120_000],
    ['soon', NaN],
  ])('%s is %d ms', (text, expected) => expect(milliseconds(text)).toBe(expected));

  test('the script gets list, count, rate and start after the address', () => {
    const load = { origin: 'http://x', connections: 8, seconds: 2, paths: { file: 'list', count: 9 } };
    expect(wrkCommand({ ...load, headers: ['A: b'] }, 'load.lua').join(' ')).toBe(
      'wrk --latency -t1 -c8 -d2s -H A: b -s load.lua http://x -- list 9 0 0',
    );
    expect(wrkCommand({ ...load, perSecond: 50, from: 3 }, 'load.lua').slice(-2)).toEqual(['50', '3']);
  });
});

describe('the probe', () => {
  const every10Ms = (fromMs: number, took: number[]): Asked[] =>
    took.map((tookMs, i) => ({ startMs: fromMs + 10 * i, status: 200, tookMs }));

  test('asks one address at a rate and writes each request down', () => {
    const command = probeCommand({ url: 'http://x/y', seconds: 3, log: 'file', headers: ['A: b'] });
    expect(command.join(' ')).toBe('h2load --h1 -t1 -m1 -c8 -D3 --rps=12.5 --log-file=file -H A: b http://x/y');
  });

  test('its log is read in the order of asking; an answer that never came is a failure', () => {
    const asked = readProbe('2000000\t-1\t5000\n1000000\t200\t1500\n');
    expect(asked).toEqual([
      { startMs: 1000, status: 200, tookMs: 1.5 },
      { startMs: 2000, status: -1, tookMs: 5 },
    ]);
    expect(asked.map(isFailure)).toEqual([false, true]);
  });

  test('a step has the requests of its time, up to but not with its end', () => {
    expect(between(every10Ms(0, [1, 1, 1]), 10, 20).map(({ startMs }) => startMs)).toEqual([10]);
  });

  test('percentiles are values that were seen', () => {
    const hundred = Array.from({ length: 100 }, (_unused, i) => 100 - i);
    expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile([], 0.5)]).toEqual([51, 100, NaN]);
  });

  test('a stretch in which nobody asked is not a quick one', () => {
    expect(windows([...every10Ms(0, [1, 3]), ...every10Ms(200, [5])], 0, 100)).toEqual([2, NaN, 5]);
  });

  test('recovery is when three stretches in a row are at most twice as slow as the calm', () => {
    const calm = every10Ms(0, [1, 1, 1]);
    const after = every10Ms(0, [9, 9, 2, 9, 2, 2, 2, 1]);
    expect(recoveryMs(calm, after, 0, 10)).toBe(40);
    expect(recoveryMs(calm, every10Ms(0, [9, 9, 9]), 0, 10)).toBeUndefined();
  });

  test('the last step comes after the overload and asks as much as the first', () => {
    expect(STEPS[STEPS.length - 1]).toBe(STEPS[0]);
    expect(Math.max(...STEPS)).toBe(2);
  });
});

describe('redis-benchmark', () => {
  const output =
    '"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"\n' +
    '"SET","1.00","9","9","9","9","9","9"\n"GET","90909.09","0.2","0.1","0.175","0.3","0.415","1.2"\n';

  test('GET is read by the names of the columns', () => {
    expect(parseRedisBenchmark(output, 'GET')).toEqual({ perSecond: 90909.09, p50Ms: 0.175, p99Ms: 0.415 });
  });

  test('a test that is not there is an error', () => {
    expect(() => parseRedisBenchmark('refused', 'GET')).toThrow('redis-benchmark measured no GET: refused');
  });

  test('values are set before they are read', () => {
    expect(redisBenchmarkCommand(1, { connections: 2, requests: 3, bytes: 4 }).join(' ')).toBe(
      'redis-benchmark -h 127.0.0.1 -p 1 -c 2 -n 3 -d 4 -t set,get --csv',
    );
  });
});

describe('turns', () => {
  const turn = (perSecond: number, micros: number): Turn => ({ perSecond, p50Ms: 1, p99Ms: 2, micros: { server: micros } });

  test('cases take turns, and the first round does not count', async () => {
    const order: string[] = [];
    const one = (name: string) => ({ name, run: async () => turn(order.push(name), 1) });
    const turns = await inTurn([one('a'), one('b')], 2);
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(turns.get('b')!.map(({ perSecond }) => perSecond)).toEqual([4, 6]);
  });

  test('shares of a ceiling are taken pair by pair: more requests or less time is more', () => {
    const share = shareOf([turn(90, 10), turn(9, 100)], [turn(100, 9), turn(10, 80)]);
    expect(share.byRequests).toEqual({ min: 0.9, median: 0.9, max: 0.9 });
    expect(share.byCpu.median).toBeCloseTo(0.85);
  });

  test('the cost of a request is that of all parts', () => {
    expect(total({ ...turn(1, 1), micros: { frontend: 5, API: 2 } })).toBe(7);
  });

  test('what cannot be measured is a row that says why', async () => {
    const text = await comparison([{ name: 'Nginx', missing: 'nginx is not installed' }], new Map(), 'fixed');
    expect(text).toContain('not measured: nginx is not installed');
  });

  test('a case is a row with its share, its failures and its remark', async () => {
    const one = { name: 'a', run: async () => turn(1, 1), remark: () => 'L1 100.0 %' };
    const turns = new Map([
      ['a', [turn(90, 10)]],
      ['fixed', [turn(100, 9)]],
    ]);
    const row = (await comparison([one], turns, 'fixed')).split('\n')[2];
    expect(row.replace(/ +/g, ' ')).toBe(
      '| a | 90 (90-90) | 1.00 (1.00-1.00) | 2.00 (2.00-2.00) | 10.0 (10.0-10.0) | 0.90 (0.90-0.90) | 0.90 (0.90-0.90) | 0 | L1 100.0 % |',
    );
  });

  test('a figure that the system does not give is said so', () => {
    expect(renderSpread({ min: NaN, median: NaN, max: NaN })).toBe('not known here');
  });
});

test('CPU time and memory of a process, whatever its name', () => {
  const stat = `7 (a) b (c) S 1 7 7 0 -1 0 1 0 0 0 250 50 ${'0 '.repeat(30)}`;
  expect(cpuMicrosOf(stat)).toBe(3_000_000);
  expect(cpuMicrosOf('')).toBeNaN();
  expect(residentMiBOf('Name:\tnode\nVmRSS:\t   51200 kB\n')).toBe(50);
  expect(residentMiBOf('')).toBeNaN();
});

test('growth of memory is that of the second half', () => {
  const samples = [0, 60, 120, 180].map((seconds, i) => ({ seconds, apiMiB: [10, 90, 100, 103][i], frontendMiB: 50 }));
  expect(growthPerMinute(samples, 'apiMiB')).toBeCloseTo(3);
  expect(growthPerMinute(samples, 'frontendMiB')).toBeCloseTo(0);
});

test('where answers came from, by the counts of the API', () => {
  const states = parseCacheStates(
    '# TYPE geo_lookups_total counter\ngeo_lookups_total{cache="L1",status="200"} 98\ngeo_lookups_total{cache="L1",status="404"} 1\ngeo_lookups_total{cache="MISS",status="200"} 1\n',
  );
  expect(renderCacheStates(states)).toBe('L1 99.0 %, MISS 1.0 %');
});

test('addresses to try are the same every time, and not the same twice', () => {
  const take = () => {
    const source = randomAddresses();
    return Array.from({ length: 1000 }, () => source.next().value);
  };
  expect(new Set(take()).size).toBe(1000);
  expect(take()).toEqual(take());
});

describe('a profile', () => {
  const frame = (functionName: string, url: string, lineNumber: number) => ({ functionName, url, lineNumber });
  const profile: CpuProfile = {
    nodes: [
      { id: 1, callFrame: frame('serve', 'file:///x/index.js', 3) },
      { id: 2, callFrame: frame('serve', 'file:///x/index.js', 3) },
      { id: 3, callFrame: frame('', 'node:net', 9) },
    ],
    samples: [1, 2, 3, 1],
    timeDeltas: [10, 20, 5, 1],
  };

  test('adds up what a function takes wherever it was called, longest first', () => {
    const times = selfTimes(profile, (url) => url);
    expect(times.map(({ name, micros }) => [name, micros])).toEqual([
      ['serve', 31],
      ['(anonymous)', 5],
    ]);
  });

  test('names the file that a line of the bundle came from', () => {
    const lines = ['start', '// app/common/router.ts', 'a', '// node_modules/@x/y/lib/z.js', 'b'];
    expect([0, 2, 4].map((line) => sourceInBundle(lines, line))).toEqual(['bundle', 'app/common/router.ts', '@x/y']);
  });
});
