import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import type { Finding } from './packs';

const EXAMPLES = join(__dirname, '..', '..', 'examples');
const STRICT = { compliance: 'strict', zoneName: 'strict.example', zoneId: 'Z00000000000000DEMO' };

/** Every example, with the settings that change most of it. */
export const SETTINGS: [string, Record<string, string>][] = [
  ['geolocation', {}],
  [
    'geolocation',
    { compute: 'fargate', redis: 'elasticache', provider: 'upstream', privateDomain: 'nidhin.local', mode: 'development' },
  ],
  ['care', {}],
  ['voting', {}],
  ['voting', { redis: 'elasticache', database: 'postgres' }],
  ['voting', { persistence: 'none', mode: 'development' }],
  ['flask-nginx', {}],
  ['flask-nginx', { profile: 'production', nat: 'instance', rollout: 'blueGreen', github: 'shop/links' }],
  ['platform', {}],
  ['platform', { workers: 'managed', rollout: 'rolling', shield: 'advanced', mode: 'development' }],
];

/** What the five packs find in an example, loaded as the CDK CLI would, in one mode or the other. */
export function findingsOfExample(name: string, settings: Record<string, string>, isStrict: boolean): Finding[] {
  const { context } = JSON.parse(readFileSync(join(EXAMPLES, name, 'cdk.json'), 'utf8'));
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ ...context, ...settings, ...(isStrict ? STRICT : {}) });
  let findings: Finding[] = [];
  jest.isolateModules(() => {
    /* eslint-disable @typescript-eslint/no-require-imports */
    const { app } = require(join(EXAMPLES, name, 'app')) as { app: App };
    // The packs of the same copies of the modules: a rule knows its resources by their classes.
    const { findingsOf } = require('./packs') as typeof import('./packs');
    /* eslint-enable */
    findings = findingsOf(app);
  });
  delete process.env.CDK_CONTEXT_JSON;
  return findings;
}
