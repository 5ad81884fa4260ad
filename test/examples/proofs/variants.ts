import type { App } from 'aws-cdk-lib';
import { loadExample } from '../../example-apps';

type Settings = Record<string, string>;

const ZONE = { zoneName: 'demo.example', zoneId: 'Z00000000000000DEMO' };

/** What of each example is proven; an example that is not here is proven as it is. */
export const VARIANTS: Record<string, Settings[]> = {
  geolocation: [{}, { compute: 'fargate', redis: 'elasticache', ...ZONE }, { provider: 'upstream', mode: 'development' }],
  voting: [{}, { redis: 'elasticache', database: 'postgres', ...ZONE }, { persistence: 'none', mode: 'development' }],
  care: [{}, { mode: 'development' }],
};

const loaded = new Map<string, App>();

/** An example with settings; each is loaded once. */
export function variant(name: string, settings: Settings): App {
  const key = `${name} ${JSON.stringify(settings)}`;
  const app = loaded.get(key) ?? loadExample(name, settings);
  loaded.set(key, app);
  return app;
}
