/**
 * The support dates of a version: `[last day of standard support, last day of extended support]`. A date is absent if it has not been
 * announced.
 */
export type Ends = readonly [standard?: string, later?: string];

/** A minor version of an engine that ends before its major version: `[version, last day of support, first day without new ones]`. */
export type MinorEnds = readonly [version: string, standard: string, closed?: string];

/** A product whose version templates and Dockerfiles specify. */
export interface Product {
  readonly title: string;
  /** The page of the vendor. */
  readonly source: string;
  /** The day on which the page was read, by us or by the list that quotes it. */
  readonly read: string;
  readonly versions: Readonly<Record<string, Ends>>;
  readonly minors?: readonly MinorEnds[];
  /** The support that continues until the second date. */
  readonly later?: string;
  /** Other sources that were read, and what a reader must know about them. */
  readonly note?: string;
}

/** The date of this table. Support is judged by this date and never by the clock, so that an app has the same findings tomorrow. */
export const READ_ON = '2026-11-29';

const EXTENDED = 'Extended Support is billed';
const UPDATES = 'existing functions can be updated';
const SECURITY = 'security fixes go on';

/** The pages were read as quoted by endoflife.date (as of August 22, 2026), unless the note says otherwise. */
export const PRODUCTS: Readonly<Record<string, Product>> = {
  'rds/postgres': {
    title: 'RDS for PostgreSQL',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html',
    read: '2026-08-16',
    later: EXTENDED,
    note: 'Minor versions: notices of AWS Health of December 2024, August 2025, March and August 2026, and the calendar for 15.17. No date was found for the minor versions after these; each is supported for at least a year.',
    versions: {
      '9.6': ['2022-04-30'],
      '10': ['2023-04-30'],
      '11': ['2024-02-29', '2027-03-31'],
      '12': ['2025-02-28', '2028-02-29'],
      '13': ['2026-02-28', '2029-02-28'],
      '14': ['2027-02-28', '2030-02-28'],
      '15': ['2028-02-29', '2031-02-28'],
      '16': ['2029-02-28', '2032-02-29'],
      '17': ['2030-02-28', '2033-02-28'],
      '18': ['2031-02-28', '2034-02-28'],
    },
    minors: [
      ['13.14', '2025-03-31', '2024-12-09'],
      ['13.16', '2025-10-31', '2025-10-01'],
      ['14.11', '2025-03-31', '2024-12-09'],
      ['14.13', '2025-10-31', '2025-10-01'],
      ['14.17', '2026-05-31', '2026-05-01'],
      ['14.19', '2026-10-31', '2026-10-01'],
      ['15.6', '2025-03-31', '2024-12-09'],
      ['15.8', '2025-10-31', '2025-10-01'],
      ['15.12', '2026-05-31', '2026-05-01'],
      ['15.14', '2026-10-31', '2026-10-01'],
      ['15.17', '2027-03-31'],
      ['16.2', '2025-03-31', '2024-12-09'],
      ['16.4', '2025-10-31', '2025-10-01'],
      ['16.8', '2026-05-31', '2026-05-01'],
      ['16.10', '2026-10-31', '2026-10-01'],
      ['17.4', '2026-05-31', '2026-05-01'],
      ['17.6', '2026-10-31', '2026-10-01'],
    ],
  },
  'rds/mysql': {
    title: 'RDS for MySQL',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html',
    read: '2026-08-16',
    later: EXTENDED,
    versions: {
      '5.6': ['2022-03-01'],
      '5.7': ['2024-02-29', '2029-06-30'],
      '8.0': ['2026-07-31', '2029-07-31'],
      '8.4': ['2029-07-31', '2032-07-31'],
    },
    minors: [
      ['8.0.41', '2026-05-31'],
      ['8.4.4', '2026-05-31'],
      ['8.4.6', '2026-09-30'],
      ['8.4.7', '2026-11-30'],
      ['8.4.8', '2027-02-03'],
      ['8.4.9', '2027-05-08'],
    ],
  },
  'rds/mariadb': {
    title: 'RDS for MariaDB',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MariaDB.Concepts.VersionMgmt.html',
    read: '2026-08-16',
    note: 'Minor versions: not read.',
    versions: {
      '10.3': ['2023-10-23'],
      '10.4': ['2025-02-28'],
      '10.5': ['2026-08-31'],
      '10.6': ['2026-12-31'],
      '10.11': ['2028-02-29'],
      '11.4': ['2029-05-31'],
      '11.8': ['2028-06-30'],
      '12.3': ['2029-06-30'],
    },
  },
  'rds/aurora-postgresql': {
    title: 'Aurora PostgreSQL',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html',
    read: '2026-06-14',
    later: EXTENDED,
    note: 'Minor versions: not read.',
    versions: {
      '11': ['2024-02-29', '2027-03-31'],
      '12': ['2025-02-28', '2028-02-29'],
      '13': ['2026-02-28', '2029-02-28'],
      '14': ['2027-02-28', '2030-02-28'],
      '15': ['2028-02-29', '2031-02-28'],
      '16': ['2029-02-28', '2032-02-29'],
      '17': ['2030-02-28', '2033-02-28'],
      '18': ['2031-02-28', '2034-02-28'],
    },
  },
  'rds/aurora-mysql': {
    title: 'Aurora MySQL',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraMySQLReleaseNotes/AuroraMySQL.release-calendars.html',
    read: '2026-02-23',
    later: EXTENDED,
    note: 'As quoted in endoflife.date#9534. 5.7 is Aurora version 2, 8.0 is version 3. Minor versions and 8.4: not read.',
    versions: { '5.7': ['2024-10-31', '2027-02-28'], '8.0': ['2028-04-30', '2029-07-31'] },
  },
  'elasticache/redis': {
    title: 'ElastiCache for Redis OSS',
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html',
    read: '2026-05-01',
    later: EXTENDED,
    note: '7.1 is the last version; no end of 7 is announced.',
    versions: {
      '2': ['2023-01-13'],
      '3': ['2023-07-31'],
      '4': ['2026-01-31', '2029-01-31'],
      '5': ['2026-01-31', '2029-01-31'],
      '6': ['2027-01-31', '2030-01-31'],
      '7': [],
    },
  },
  'elasticache/valkey': {
    title: 'ElastiCache for Valkey',
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html',
    read: '2026-11-29',
    note: 'No end of any Valkey version is announced on the page, whose stored copies list 7.2, 8.0, 8.1, 8.2, 9.0 and 9.1.',
    versions: { '7': [], '8': [], '9': [] },
  },
  lambda: {
    title: 'Lambda runtime',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html',
    read: '2026-08-16',
    later: UPDATES,
    versions: {
      dotnet10: ['2028-11-14', '2029-01-15'],
      dotnet8: ['2026-11-10', '2027-03-03'],
      dotnet6: ['2024-12-20', '2027-03-03'],
      'dotnetcore3.1': ['2023-04-03', '2023-05-03'],
      'go1.x': ['2024-01-08', '2027-03-03'],
      java25: ['2029-06-30', '2029-08-31'],
      java21: ['2029-06-30', '2029-08-31'],
      'java17.al2023': ['2029-06-30', '2029-08-31'],
      java17: ['2027-06-30', '2027-08-31'],
      'java11.al2023': ['2029-06-30', '2029-08-31'],
      java11: ['2027-06-30', '2027-08-31'],
      'java8.al2023': ['2029-06-30', '2029-08-31'],
      'java8.al2': ['2027-06-30', '2027-08-31'],
      java8: ['2024-01-08', '2027-03-03'],
      'nodejs24.x': ['2028-04-30', '2028-07-01'],
      'nodejs22.x': ['2027-04-30', '2027-07-01'],
      'nodejs20.x': ['2026-04-30', '2027-03-03'],
      'nodejs18.x': ['2025-09-01', '2027-03-03'],
      'nodejs16.x': ['2024-06-12', '2027-03-03'],
      'nodejs14.x': ['2023-12-04', '2027-03-03'],
      'nodejs12.x': ['2023-03-31', '2023-04-30'],
      'provided.al2023': ['2029-06-30', '2029-08-31'],
      'provided.al2': ['2026-07-31', '2027-03-03'],
      provided: ['2024-01-08', '2027-03-03'],
      'python3.14': ['2029-06-30', '2029-08-31'],
      'python3.13': ['2029-06-30', '2029-08-31'],
      'python3.12': ['2028-10-31', '2029-01-10'],
      'python3.11': ['2027-06-30', '2027-08-31'],
      'python3.10': ['2026-10-31', '2027-03-03'],
      'python3.9': ['2025-12-15', '2027-03-03'],
      'python3.8': ['2024-10-14', '2027-03-03'],
      'python3.7': ['2023-12-04', '2027-03-03'],
      'ruby4.0': ['2029-03-31', '2029-05-31'],
      'ruby3.4': ['2028-03-31', '2028-05-31'],
      'ruby3.3': ['2027-03-31', '2027-05-31'],
      'ruby3.2': ['2026-03-31', '2027-03-03'],
      'ruby2.7': ['2023-12-07', '2027-03-03'],
    },
  },
  'image/redis': {
    title: 'Redis',
    source: 'https://github.com/redis/redis/security/policy',
    read: '2026-08-22',
    note: 'A tag of a major version alone follows its newest minor version: 7 is 7.4. No end is announced of 8.4 and later.',
    versions: {
      '5': ['2022-04-27'],
      '6.0': ['2022-05-31'],
      '6': ['2027-04-01'],
      '7.0': ['2024-07-29'],
      '7': ['2029-12-01'],
      '8.0': ['2026-12-01'],
      '8.2': ['2030-09-01'],
      '8': [],
    },
  },
  'image/redis-stack': {
    title: 'Redis Stack',
    source: 'https://github.com/redis-stack/redis-stack',
    read: '2025-05-05',
    note: '"December 2025", read as its last day. Redis 8 has the modules.',
    versions: { '6': ['2025-12-31'], '7': ['2025-12-31'] },
  },
  'image/valkey': {
    title: 'Valkey',
    source: 'https://valkey.io/topics/releases/',
    read: '2026-08-22',
    later: SECURITY,
    note: 'A tag of a major version alone follows its newest minor version. The end of 9.1 is not announced yet.',
    versions: {
      '7.2': ['2027-04-16', '2029-04-16'],
      '8.0': ['2027-09-15'],
      '8': ['2028-03-31', '2030-03-31'],
      '9.0': ['2028-10-21'],
      '9': [],
    },
  },
  'image/node': {
    title: 'Node.js',
    source: 'https://github.com/nodejs/release#release-schedule',
    read: '2026-08-06',
    versions: {
      '14': ['2023-04-30'],
      '16': ['2023-09-11'],
      '18': ['2025-04-30'],
      '19': ['2023-06-01'],
      '20': ['2026-04-30'],
      '21': ['2024-06-01'],
      '22': ['2027-04-30'],
      '23': ['2025-06-01'],
      '24': ['2028-04-30'],
      '25': ['2026-06-01'],
      '26': ['2029-04-30'],
    },
  },
  'image/python': {
    title: 'Python',
    source: 'https://devguide.python.org/versions/',
    read: '2026-08-14',
    versions: {
      '2': ['2020-01-01'],
      '3.7': ['2023-06-27'],
      '3.8': ['2024-10-07'],
      '3.9': ['2025-10-31'],
      '3.10': ['2026-10-31'],
      '3.11': ['2027-10-31'],
      '3.12': ['2028-10-31'],
      '3.13': ['2029-10-31'],
      '3.14': ['2030-10-31'],
    },
  },
  'image/nginx': {
    title: 'Nginx',
    source: 'https://nginx.org/en/download.html',
    read: '2026-08-20',
    note: 'A branch ends when the next but one begins; a stable one begins each April.',
    versions: {
      '1.24': ['2024-04-23'],
      '1.25': ['2024-05-29'],
      '1.26': ['2025-04-23'],
      '1.27': ['2025-06-24'],
      '1.28': ['2026-04-14'],
      '1.29': ['2026-05-13'],
      '1.30': [],
      '1.31': [],
    },
  },
  'image/postgres': {
    title: 'PostgreSQL',
    source: 'https://www.postgresql.org/support/versioning/',
    read: '2026-08-22',
    versions: {
      '11': ['2023-11-09'],
      '12': ['2024-11-21'],
      '13': ['2025-11-13'],
      '14': ['2026-11-12'],
      '15': ['2027-11-11'],
      '16': ['2028-11-09'],
      '17': ['2029-11-08'],
      '18': ['2030-11-14'],
    },
  },
  'image/mysql': {
    title: 'MySQL',
    source: 'https://endoflife.date/mysql',
    read: '2026-08-22',
    versions: { '5.7': ['2023-10-31'], '8.0': ['2026-04-30'], '8.4': ['2032-04-30'] },
  },
  'image/mariadb': {
    title: 'MariaDB',
    source: 'https://mariadb.org/about/#maintenance-policy',
    read: '2026-08-22',
    versions: {
      '10.4': ['2024-06-18'],
      '10.5': ['2025-06-24'],
      '10.6': ['2026-07-06'],
      '10.11': ['2028-02-16'],
      '11.4': ['2029-05-29'],
      '11.8': ['2028-06-04'],
      '12.3': ['2029-06-12'],
    },
  },
  'image/aws-otel-collector': {
    title: 'AWS Distro for OpenTelemetry Collector',
    source: 'https://github.com/aws-observability/aws-otel-collector#supported-versions',
    read: '2026-08-31',
    note: 'A release is supported until the next one; v0.50.0 of 31 August 2026 is the newest that was found.',
    versions: { '0': [] },
    minors: [['0.49', '2026-08-31']],
  },
};
