import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { PrivateHostedZone, IPrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { IEndpointClient, IMesh } from '../../src';

export interface FakeMeshProps {
  readonly domain?: string;
  readonly removalPolicy?: RemovalPolicy;
  readonly maxAzs?: number;
  readonly natGateways?: number;
  readonly taskSubnets?: ec2.SubnetSelection;
}

/** The least that a store needs of a mesh. */
export class FakeMesh extends Construct implements IMesh {
  public readonly meshName = 'fake';
  public readonly vpc: ec2.IVpc;
  public readonly taskSubnets: ec2.SubnetSelection;
  public readonly storeSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  public readonly cluster: ecs.ICluster;
  public readonly namespaceName = 'fake';
  public readonly namespaceArn = 'arn:aws:servicediscovery:eu-west-1:111111111111:namespace/ns-1';
  public readonly privateZone?: IPrivateHostedZone;
  public readonly removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, props: FakeMeshProps = {}) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: props.maxAzs ?? 2,
      natGateways: 1,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    this.taskSubnets = props.taskSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
    this.cluster = new ecs.Cluster(this, 'Cluster', { vpc: this.vpc });
    this.removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    if (props.domain) this.privateZone = new PrivateHostedZone(this, 'Zone', { vpc: this.vpc, zoneName: props.domain });
  }
}

/** A caller with a security group and a task role of its own. */
export class FakeClient extends Construct implements IEndpointClient {
  public readonly connections: ec2.Connections;
  public readonly taskRole: iam.IRole;
  public readonly discoveryName = 'client';
  public readonly usesServiceConnect = false;

  constructor(scope: Construct, id: string, mesh: IMesh) {
    super(scope, id);
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc: mesh.vpc, allowAllOutbound: false });
    this.connections = new ec2.Connections({ securityGroups: [securityGroup] });
    this.taskRole = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
  }
}

/** An app of one stack in one region, without an account. */
export function oneStack(): Stack {
  return new Stack(new App(), 'Stack', { env: { region: 'eu-west-1' } });
}
