/** What wrk is asked to do. */
export interface WrkLoad {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly connections: number;
  readonly seconds: number;
  readonly headers?: readonly string[];
  /** Asks for the first `count` lines of `file` in turn. */
  readonly paths: { readonly file: string; readonly count: number };
  /** A second, whatever comes back, as long as a connection is free; left out, each connection asks as soon as it has its answer. */
  readonly perSecond?: number;
  /** Lines of the list to skip at first. */
  readonly from?: number;
}

/** What one run of wrk saw. */
export interface WrkResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers other than 2xx and 3xx, and connections that failed or fell silent. */
  readonly failures: number;
}

/** `script` is load.lua. */
export function wrkCommand(load: WrkLoad, script: string): string[] {
  return [
    ...['wrk', '--latency', '-t1', `-c${load.connections}`, `-d${load.seconds}s`],
    ...(load.headers ?? []).flatMap((header) => ['-H', header]),
    ...['-s', script, load.origin, '--', load.paths.file, `${load.paths.count}`, `${load.perSecond ?? 0}`, `${load.from ?? 0}`],
  ];
}

export function parseWrk(output: string): WrkResult {
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? NaN);
  const perSecond = number(/^Requests\/sec:\s+([\d.]+)/m);
  if (Number.isNaN(perSecond)) throw new Error(`wrk measured nothing: ${output.trim().slice(0, 300)}`);
  const socket = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output)?.slice(1) ?? [];
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? '0';
  return {
    requests: number(/(\d+) requests in /),
    perSecond,
    p50Ms: milliseconds(/^ +50% +(\S+) *$/m.exec(output)?.[1]),
    p99Ms: milliseconds(/^ +99% +(\S+) *$/m.exec(output)?.[1]),
    failures: [...socket, refused].reduce((sum, value) => sum + Number(value), 0),
  };
}

const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/** wrk writes `812.00us`, `3.21ms`, `1.20s`. */
export function milliseconds(text = ''): number {
  const found = /^([\d.]+)(us|ms|s|m)$/.exec(text);
  return found ? Number(found[1]) * UNITS[found[2]] : NaN;
}
