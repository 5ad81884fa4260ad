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

/** The Prometheus text format for a handful of series. Label values are all our own words, so their number is bounded. */
export class Metrics {
  private readonly series = new Map<string, Series>();

  counter(name: string, help: string): (labels?: Labels, by?: number) => void {
    const values = new Map<string, number>();
    const lines = (): string[] => [...values].map(([labels, value]) => `${name}${labels} ${value}`);
    this.series.set(name, { type: 'counter', help, lines });
    return (labels = {}, by = 1) => {
      const key = render(labels);
      values.set(key, (values.get(key) ?? 0) + by);
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
      // Observed for every request, so nothing is rendered here.
      const key = labelValues.join('\n');
      let entry = values.get(key);
      if (!entry) {
        const labels = Object.fromEntries(labelNames.map((label, index) => [label, labelValues[index]]));
        entry = { labels, counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
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

function render(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '_')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
