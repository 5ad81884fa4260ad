/** Rows of what this repository pins and no user's template names; the shape is that of src/core/private/ends-of-support-table.ts. */

/** The removal of Node.js 20 from the runners, as the runners themselves announce it. */
const NODE20 = '2026-09-16';
const RUNNERS = 'https://github.blog/changelog/2025-09-19-deprecation-of-node-20-on-github-actions-runners/';

/** Majors of an action that want Node.js 20, which the runners do not have any more, and Node.js 24, whose end they do not announce. */
function action(name, node20, node24, read, note) {
  const versions = [...node20.map((major) => [major, [NODE20]]), ...node24.map((major) => [major, []])];
  return [
    `action/${name}`,
    { title: `GitHub action ${name}`, source: RUNNERS, read, note, versions: Object.fromEntries(versions) },
  ];
}

const NOT_SEEN = 'The pinned version is newer than the stored copy of its repository, so its action.yml was not seen.';

export const REPOSITORY = {
  'host/amazon-linux': {
    title: 'Amazon Linux, also as the ECS-optimised image',
    source: 'https://docs.aws.amazon.com/linux/al2023/ug/release-cadence.html',
    read: '2026-08-22',
    later: 'security fixes go on',
    note: 'The newest image at each deployment is used; the date is that of the distribution. The image of NAT instances is that of kernel 6.1, which CDK chooses; images of 6.12 and 6.18 exist (release notes of 26 May 2026), and no end of the one of 6.1 was found.',
    versions: { 2: ['2026-06-30'], 2023: ['2027-06-30', '2029-06-30'] },
  },
  'host/bottlerocket': {
    title: 'Bottlerocket, variant',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-bottlerocket.html',
    read: '2026-11-29',
    note: 'aws-ecs-1: bottlerocket#4492, which gave three months. aws-ecs-4 came as a preview with v1.61.0 (May 2026); neither the page nor CDK 2.269 know aws-ecs-3 or aws-ecs-4.',
    versions: { 'aws-ecs-1': ['2025-07-24'], 'aws-ecs-2': [] },
  },
  waf: {
    title: 'Managed rule groups of AWS WAF',
    source: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-managed-rule-groups-versioning-lifecycle.html',
    read: '2026-11-29',
    note: 'No version is named, so AWS moves the default version; a named version expires.',
    versions: { default: [] },
  },
  tls: {
    title: 'Security policy of load balancers',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html',
    read: '2026-11-29',
    note: 'The page announces no end of any policy; TLS13_12_RES_PQ is the one that it recommends.',
    versions: { TLS13_12_RES_PQ: [], TLS13_13: [], TLS13_13_PQ: [] },
  },
  'image/ghcr.io/ohcnetwork/care': {
    title: 'CARE',
    source: 'https://github.com/ohcnetwork/care/blob/develop/SECURITY.md',
    read: '2026-11-29',
    note: 'A tag that moves with its releases. Only the latest version is looked after, says its SECURITY.md (read in a copy of October 2024).',
    versions: { 'production-latest': [] },
  },
  java: {
    title: 'Eclipse Temurin',
    source: 'https://adoptium.net/support/',
    read: '2026-08-22',
    note: 'As endoflife.date has it. 11 comes from the generated workflows, and is the oldest Java that jsii compiles for.',
    versions: { 8: ['2030-12-31'], 11: ['2027-10-31'], 17: ['2027-10-31'], 21: ['2029-12-31'], 25: ['2031-09-30'] },
  },
  dotnet: {
    title: '.NET SDK',
    source: 'https://dotnet.microsoft.com/platform/support/policy/dotnet-core',
    read: '2026-08-22',
    note: 'As endoflife.date has it. 6 comes from projen, which writes the workflows; that jsii packs with a newer SDK was not tried.',
    versions: { 6: ['2024-11-12'], 8: ['2026-11-10'], 9: ['2026-11-10'], 10: ['2028-11-14'] },
  },
  go: {
    title: 'Go',
    source: 'https://go.dev/doc/devel/release#policy',
    read: '2026-08-22',
    note: 'As endoflife.date has it: a release ends when the next but one comes. The `go` line of a module is the oldest Go that builds it, and no Go that it is built with.',
    versions: { 1.24: ['2026-02-10'], 1.25: ['2026-08-19'], 1.26: [], 1.27: [] },
  },
  ...Object.fromEntries([
    action('actions/checkout', ['4'], ['6', '7'], '2026-07-20'),
    action('actions/setup-node', ['4'], ['6', '7'], '2026-08-18'),
    action('actions/setup-java', ['4'], ['5', '6'], '2026-08-18', `5 runs on Node.js 24. 6: ${NOT_SEEN}`),
    action('actions/setup-go', ['5'], ['6', '7'], '2026-08-19'),
    action('actions/setup-python', ['5'], ['7'], '2026-07-19'),
    action('actions/setup-dotnet', ['4'], ['6'], '2026-07-22'),
    action('actions/upload-artifact', ['4'], ['7'], '2026-02-25', NOT_SEEN),
    action('actions/download-artifact', ['4'], ['8'], '2026-03-12'),
    action('amannn/action-semantic-pull-request', ['5'], ['6'], '2026-01-16'),
    action('peter-evans/create-pull-request', ['7'], ['8'], '2026-07-01'),
    action('aws-actions/configure-aws-credentials', ['4'], ['6'], '2026-08-18'),
  ]),
};

/** Versions of actions that projen pins by their commit, without saying which version that is. */
export const COMMITS = {
  '3d3c42e5aac5ba805825da76410c181273ba90b1': '7.0.1',
  '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c': '8.0.1',
  '48f256284bd46cdaab1048c3721360e808335d50': '6.1.1',
  '043fb46d1a93c77aae656e7c1c64a875d1fc6a0a': '7', // after v7.0.0, before the next major version: not seen
};
