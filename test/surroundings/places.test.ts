import { App } from 'aws-cdk-lib';
import * as lib from 'cdk-ecs-mesh';
import { Construct, IConstruct } from 'constructs';
import { PARTS, PART_NAMES } from './constructs';
import { PLACES, ZONES, spotIn } from './places';
import { runTable } from './table';
import { judge } from './verdict';
import { smallApp } from '../small-app';

/** Hosts belong into the stack of their cluster. */
const HOSTS = ['Ec2Capacity, bridge', 'Ec2Capacity, host', 'Ec2Capacity, awsvpc'];
const IN_STACK_OF_CLUSTER = { CapacityInOtherStack: HOSTS };

/** What has no mesh and no network. */
const ANYWHERE = [
  'ServiceConnectMesh, shared',
  'ServiceConnectMesh of parameters',
  'ImportedRedis',
  'ImportedDatabase',
  'ImageRepository',
  'GitHubDeployRole',
];
const ELSEWHERE = { MeshInOtherEnvironment: PART_NAMES.filter((name) => !ANYWHERE.includes(name)) };

const WITH_ACCESS_LOGS = [
  'MeshService, blue/green',
  'MeshService, CodeDeploy',
  'DualAlbGateway',
  'DualAlbGateway with all kinds of peers',
  'DualAlbGateway in chosen subnets',
  'DualAlbGateway, shared',
  'GeolocationReferenceApp',
  'to internal route',
  'to external route',
  'to internal route with a record',
];

/** The resource of each nested stack, in all cells. */
const nested = (count: number) => Object.fromEntries(PART_NAMES.map((part) => [part, { 'AWS::CloudFormation::Stack': count }]));

function spotOf(column: string): Parameters<(typeof PARTS)[string]>[0] {
  return spotIn(smallApp(ZONES), PLACES[column]);
}

describe('every construct and endpoint beside its mesh and far from it', () => {
  const cell = (column: string, part: string) =>
    judge(() => {
      const spot = spotOf(column);
      PARTS[part](spot);
      return spot.mesh.node.root as App;
    });

  runTable(Object.keys(PLACES), cell, {
    refused: {
      'another stack': IN_STACK_OF_CLUSTER,
      'another stack, environment not known': {
        ...IN_STACK_OF_CLUSTER,
        AccessLogsRegion: WITH_ACCESS_LOGS,
        RedisAvailabilityZone: ['Ec2HostRedis in a zone'],
      },
      'another stack, one environment known': ELSEWHERE,
      'another Region': ELSEWHERE,
      'another Region, with cross-Region references': ELSEWHERE,
      'another account': ELSEWHERE,
      'a stage': IN_STACK_OF_CLUSTER,
      'another stage': ELSEWHERE,
      'a nested stack': IN_STACK_OF_CLUSTER,
      'a mesh in a nested stack': IN_STACK_OF_CLUSTER,
      'two nested stacks': IN_STACK_OF_CLUSTER,
    },
    different: {
      'a nested stack': nested(1),
      'a mesh in a nested stack': nested(1),
      'two nested stacks': nested(2),
    },
  });

  test('the table has every construct of the library', () => {
    const classes = Object.values(lib).filter(
      (one) => typeof one === 'function' && one.prototype instanceof Construct,
    ) as unknown[];
    const made = PART_NAMES.flatMap((part) => {
      const spot = spotOf('one stack');
      PARTS[part](spot);
      return spot.mesh.node.root.node.findAll().map(({ constructor }: IConstruct) => constructor as unknown);
    });
    const missing = classes.filter((one) => !made.includes(one)).map((one) => (one as { name: string }).name);
    expect(missing).toEqual(['Job']);
  });
});
