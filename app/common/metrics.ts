type Labels = Record<string, string>;

/** Upper bounds in seconds; the first three resolve L1, Redis and embedded answers, the last ones the upstream's timeout. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

interface Series {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  lines(): string[];
}

interface Distribution {
  readonly labels: Labels;
  /** Per bucket, not yet summed up as the text format wants them. */
  readonly counts: number[];
  sum: number;
  count: number;
}

/**
 * The Prometheus text format for a handful of series. Label values are all our own words, so their number is bounded. Series grow
 * with every request, so labels are rendered only where they are new or read.
 */
export class Metrics {
  private readonly series = new Map<string, Series>();

  counter(name: string, help: string, labelNames: readonly string[]): (...labelValues: string[]) => void {
    const values = new Map<string, { labels: string; value: number }>();
    const lines = (): string[] => [...values.values()].map(({ labels, value }) => `${name}${labels} ${value}`);
    this.series.set(name, { type: 'counter', help, lines });
    return (...labelValues) => {
      const key = labelValues.join('\n');
      const entry = values.get(key);
      if (entry) entry.value++;
      else values.set(key, { labels: render(pairUp(labelNames, labelValues)), value: 1 });
    };
  }

  gauge(name: string, help: string, read: () => number): void {
    this.series.set(name, { type: 'gauge', help, lines: () => [`${name} ${read()}`] });
  }

  histogram(name: string, help: string, labelNames: readonly string[]): (seconds: number, ...labelValues: string[]) => void {
    const values = new Map<string, Distribution>();
    const lines = (): string[] => [...values.values()].flatMap((entry) => histogramLines(name, entry));
    this.series.set(name, { type: 'histogram', help, lines });
    return (seconds, ...labelValues) => {
      const key = labelValues.join('\n');
      let entry = values.get(key);
      if (!entry) {
        entry = { labels: pairUp(labelNames, labelValues), counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
        values.set(key, entry);
      }
      const bucket = BUCKETS.findIndex((limit) => seconds <= limit);
      if (bucket >= 0) entry.counts[bucket]++;
      entry.sum += seconds;
      entry.count++;
    };
  }

  text(): string {
    const blocks = [...this.series].map(([name, { type, help, lines }]) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...lines(),
    ]);
    return `${blocks.flat().join('\n')}\n`;
  }
}

function histogramLines(name: string, entry: { labels: Labels; counts: number[]; sum: number; count: number }): string[] {
  const buckets = BUCKETS.map(
    (limit, index) => `${name}_bucket${render({ ...entry.labels, le: String(limit) })} ${entry.counts[index]}`,
  );
  const labels = render(entry.labels);
  return [
    ...buckets,
    `${name}_bucket${render({ ...entry.labels, le: '+Inf' })} ${entry.count}`,
    `${name}_sum${labels} ${entry.sum}`,
    `${name}_count${labels} ${entry.count}`,
  ];
}

function pairUp(names: readonly string[], values: readonly string[]): Labels {
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

function render(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '_')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
