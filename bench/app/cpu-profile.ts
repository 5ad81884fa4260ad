/** The parts of a .cpuprofile that are read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  readonly name: string;
  readonly where: string;
  readonly micros: number;
}

/** Time spent in each function itself, longest first; `whereOf` names the source of a line of the bundle. */
export function selfTimes(profile: CpuProfile, whereOf: (url: string, line: number) => string): SelfTime[] {
  const micros = new Map<number, number>();
  profile.samples.forEach((id, i) => micros.set(id, (micros.get(id) ?? 0) + profile.timeDeltas[i]));
  const functions = new Map<string, SelfTime>();
  for (const { id, callFrame } of profile.nodes) {
    const where = whereOf(callFrame.url, callFrame.lineNumber);
    const name = callFrame.functionName || '(anonymous)';
    const key = `${name} ${where} ${callFrame.lineNumber}`;
    functions.set(key, { name, where, micros: (functions.get(key)?.micros ?? 0) + (micros.get(id) ?? 0) });
  }
  return [...functions.values()].filter((entry) => entry.micros > 0).sort((a, b) => b.micros - a.micros);
}

/** esbuild writes each file's path as a comment above its code. */
export function sourceInBundle(lines: readonly string[], line: number): string {
  for (let at = Math.min(line, lines.length - 1); at >= 0; at--) {
    const found = /^\/\/ ((?:app|node_modules)\/\S+)$/.exec(lines[at].trim());
    if (found) return found[1].replace(/^node_modules\/((?:@[^/]+\/)?[^/]+)\/.*$/, '$1');
  }
  return 'bundle';
}
