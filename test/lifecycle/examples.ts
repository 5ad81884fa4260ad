type Settings = Record<string, string>;

/** A change that the README of an example names: a row of its table of settings. */
interface ExampleChange {
  readonly name: string;
  readonly settings: Settings;
  /** Indicates that it is tried first with images that do not start. */
  readonly failsFirst?: boolean;
  /** The rule by which AWS refuses it, by the comparison of the templates. */
  readonly refused?: string;
}

interface Example {
  readonly name: string;
  readonly settings: Settings;
  /** One after the other, each with the settings of those before it. */
  readonly changes: readonly ExampleChange[];
  readonly development: Settings;
  /** What is kept under a name of its user, and must be deleted or named as existing before the stacks are created again. */
  readonly inTheWay?: string;
}

/** Stands for the settings of a hosted zone, which exists. */
export const DOMAIN: Settings = { zoneName: '', zoneId: '' };
const DEVELOPMENT: Settings = { mode: 'development' };

export const LIVES: readonly Example[] = [
  {
    name: 'voting',
    settings: {},
    changes: [
      { name: 'a database', settings: { database: 'postgres' } },
      { name: 'a domain', settings: DOMAIN },
      { name: 'development mode', settings: DEVELOPMENT },
      { name: 'another store', settings: { redis: 'elasticache' }, failsFirst: true },
    ],
    development: DEVELOPMENT,
  },
  {
    name: 'care',
    settings: { careVersion: '26.31.0' },
    changes: [
      { name: 'another version', settings: { careVersion: '26.32.0' }, failsFirst: true },
      { name: 'pages of another origin', settings: { frontend: 'https://care.example.com' } },
      { name: 'a domain', settings: DOMAIN },
      { name: 'development mode', settings: DEVELOPMENT },
    ],
    development: DEVELOPMENT,
  },
  {
    name: 'flask-nginx',
    settings: { profile: 'production' },
    changes: [
      { name: 'another rollout', settings: { rollout: 'blueGreen' }, failsFirst: true },
      { name: 'NAT instances', settings: { nat: 'instance' } },
      { name: 'images in ECR', settings: { github: 'example/links' } },
      { name: 'a domain', settings: DOMAIN },
    ],
    development: { profile: 'development' },
    inTheWay: 'AWS::IAM::OIDCProvider',
  },
  {
    name: 'platform',
    settings: {},
    changes: [
      { name: 'a domain', settings: DOMAIN },
      { name: 'another rollout', settings: { rollout: 'rolling' }, failsFirst: true },
      { name: 'Shield Advanced', settings: { shield: 'advanced' } },
      { name: 'development mode', settings: DEVELOPMENT },
      { name: 'other workers', settings: { workers: 'managed' }, refused: 'capacity provider in use' },
    ],
    development: DEVELOPMENT,
  },
  {
    name: 'geolocation',
    settings: {},
    changes: [
      { name: 'a domain', settings: DOMAIN },
      { name: 'another provider', settings: { provider: 'upstream' }, failsFirst: true },
      { name: 'development mode', settings: DEVELOPMENT },
      { name: 'another store', settings: { redis: 'elasticache' } },
      { name: 'another compute', settings: { compute: 'fargate' }, refused: 'capacity provider in use' },
    ],
    development: DEVELOPMENT,
  },
];
