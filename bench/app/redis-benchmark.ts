/** What redis-benchmark says of one command. */
export interface RedisResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** SET first, so that GET finds a value of that size. */
export function redisBenchmarkCommand(port: number, options: { connections: number; requests: number; bytes: number }): string[] {
  const { connections, requests, bytes } = options;
  return [
    ...['redis-benchmark', '-h', '127.0.0.1', '-p', `${port}`, '-c', `${connections}`, '-n', `${requests}`],
    ...['-d', `${bytes}`, '-t', 'set,get', '--csv'],
  ];
}

export function parseRedisBenchmark(output: string, test: string): RedisResult {
  const rows = output
    .split('\n')
    .filter((line) => line.startsWith('"'))
    .map((line) => line.split(',').map((cell) => cell.replaceAll('"', '')));
  const [head = [], ...tests] = rows;
  const row = tests.find(([name]) => name === test);
  if (!row) throw new Error(`redis-benchmark measured no ${test}: ${output.trim().slice(0, 300)}`);
  const of = (column: string): number => Number(row[head.indexOf(column)] ?? NaN);
  return { perSecond: of('rps'), p50Ms: of('p50_latency_ms'), p99Ms: of('p99_latency_ms') };
}
