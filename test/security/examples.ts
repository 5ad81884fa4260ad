import { Finding, findingsOf } from './packs';
import { loadExample } from '../example-apps';

/** Context that turns the strict mode of an example on. */
export const STRICT = { compliance: 'strict', zoneName: 'strict.example', zoneId: 'Z00000000000000DEMO' };

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

/** Findings of the five packs in an example, loaded as the CDK CLI would, in one mode or the other. */
export function findingsOfExample(name: string, settings: Record<string, string>, isStrict: boolean): Finding[] {
  return findingsOf(loadExample(name, { ...settings, ...(isStrict ? STRICT : {}) }));
}
