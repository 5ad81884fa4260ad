import type { App } from 'aws-cdk-lib';
import { exampleNames, loadExample, wholeExamples } from '../../example-apps';

type Settings = Record<string, string>;

const ZONE = { zoneName: 'demo.example', zoneId: 'Z00000000000000DEMO' };

/** What of each example is proven, besides itself and its development mode. */
const MORE: Record<string, Settings[]> = {
  geolocation: [{ compute: 'fargate', redis: 'elasticache', provider: 'upstream', ...ZONE }],
  voting: [
    { redis: 'elasticache', database: 'postgres', ...ZONE },
    { persistence: 'none', mode: 'development' },
  ],
};

/** One example has a stack for each of its two modes. */
const PROFILES = ['flask-nginx'];

export function production(name: string): Settings {
  return PROFILES.includes(name) ? { profile: 'production' } : {};
}

export function development(name: string): Settings {
  return PROFILES.includes(name) ? { profile: 'development' } : { mode: 'development' };
}

/** Every example in every variant. */
export const cases = exampleNames.flatMap((name) =>
  [production(name), development(name), ...(MORE[name] ?? [])].map((settings): [string, Settings] => [name, settings]),
);

/** Those in which each server is in the same app as its clients. */
export const wholeCases = cases.filter(([name]) => wholeExamples.includes(name));

export function isDevelopment(settings: Settings): boolean {
  return Object.values(settings).includes('development');
}

const loaded = new Map<string, App>();

export function keyOf(name: string, settings: Settings): string {
  return [name, ...Object.entries(settings).map(([key, value]) => `-c ${key}=${value}`)].join(' ');
}

/** An example with settings; each is loaded once. */
export function variant(name: string, settings: Settings): App {
  const key = keyOf(name, settings);
  const app = loaded.get(key) ?? loadExample(name, settings);
  loaded.set(key, app);
  return app;
}
