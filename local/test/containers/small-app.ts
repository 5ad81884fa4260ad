import * as fs from 'node:fs';
import * as path from 'node:path';
import { NODE } from './rows-app';
import { writeAssembly } from '../fixture/write-assembly';

export interface SmallApp {
  /** The Dockerfile of its only image. */
  readonly dockerfile?: readonly string[];
  /** An image of a registry in the place of that. */
  readonly image?: string;
  /** The port of the load balancer. */
  readonly port?: number;
}

const HASH = 'abc123';
const DOCKERFILE = [`FROM ${NODE}`, 'WORKDIR /app', 'COPY index.js ./', 'CMD ["node", "index.js"]'];
const PROGRAM = `process.on('SIGTERM', () => process.exit(0));
require('http').createServer((q, r) => r.end('hello')).listen(8080);`;

/** A template that both engines run: one service behind a load balancer, with an image of its own. */
export function synthesiseSmall(directory: string, { dockerfile = DOCKERFILE, image, port = 8081 }: SmallApp = {}): string {
  const files = {
    'image/Dockerfile': dockerfile.join('\n'),
    'image/index.js': PROGRAM,
    'Small.assets.json': JSON.stringify({ dockerImages: { [HASH]: { source: { directory: 'image' } } } }),
  };
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    fs.writeFileSync(path.join(directory, name), text);
  }
  const Resources = resources(image ?? `111122223333.dkr.ecr.eu-west-1.amazonaws.com/assets:${HASH}`, port);
  const Assets = { type: 'cdk:asset-manifest', properties: { file: 'Small.assets.json' } };
  return writeAssembly(directory, { Small: { Resources } }, { Assets });
}

function resources(Image: string, Port: number) {
  const SecurityGroups = [{ 'Fn::GetAtt': ['Open', 'GroupId'] }];
  const container = { Name: 'app', StopTimeout: 2, Image, PortMappings: [{ ContainerPort: 8080 }] };
  return {
    Open: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { GroupDescription: 'Everybody', SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }] },
    },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: { Family: 'small', NetworkMode: 'awsvpc', Cpu: '256', Memory: '512', ContainerDefinitions: [container] },
    },
    Small: {
      Type: 'AWS::ECS::Service',
      DependsOn: ['Listener'],
      Properties: {
        ...{ LaunchType: 'FARGATE', DesiredCount: 2, TaskDefinition: { Ref: 'Task' } },
        NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups, Subnets: [] } },
        LoadBalancers: [{ ContainerName: 'app', ContainerPort: 8080, TargetGroupArn: { Ref: 'Group' } }],
      },
    },
    Group: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: { Port: 8080, Protocol: 'HTTP', TargetType: 'ip', HealthCheckPath: '/', HealthCheckIntervalSeconds: 5 },
    },
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Type: 'application', Scheme: 'internal', SecurityGroups },
    },
    Listener: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        ...{ LoadBalancerArn: { Ref: 'Balancer' }, Port, Protocol: 'HTTP' },
        DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Group' } }],
      },
    },
  };
}
