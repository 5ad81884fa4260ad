import {
  CfnSecurityGroupIngress,
  GatewayVpcEndpointAwsService,
  IConnectable,
  IInterfaceVpcEndpoint,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  ISecurityGroup,
  IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { Construct, IDependable } from 'constructs';
import { AWS_SERVICES, AwsServiceAccess, AwsServiceName, GATEWAY_SERVICES } from '../../core/private/aws-service-access';

interface Made {
  readonly endpoint: IInterfaceVpcEndpoint;
  readonly group: ISecurityGroup;
}

/** The endpoints of a network without NAT. Each is created when it is first needed, and admits the clients that need it. */
export class MeshVpcEndpoints implements AwsServiceAccess {
  private readonly made = new Map<string, Made>();
  private readonly gateways = new Map<AwsServiceName, IDependable>();

  constructor(
    private readonly scope: Construct,
    private readonly vpc: IVpc,
    private readonly cidr: string,
    private readonly subnets: SubnetSelection,
    s3: IDependable,
  ) {
    this.gateways.set('s3', s3);
  }

  /** Creates an endpoint that the user specified. Its clients are unknown, so it admits the whole VPC. */
  public declare(service: InterfaceVpcEndpointAwsService): void {
    const { group } = this.endpoint(service.shortName, service);
    group.addIngressRule(Peer.ipv4(this.cidr), Port.tcp(443), 'Declared in NatStrategy.none: callers are not known');
  }

  public open(service: AwsServiceName, client: IConnectable): IDependable[] {
    if (GATEWAY_SERVICES.includes(service)) return [this.gateway(service)];
    const { endpoint, group } = this.endpoint(service, new InterfaceVpcEndpointAwsService(service));
    const rules = client.connections.securityGroups.map((from) => admit(from, group, service));
    return [endpoint, ...rules];
  }

  private endpoint(name: string, service: InterfaceVpcEndpointAwsService): Made {
    const known = this.made.get(name);
    if (known) return known;
    const parent = (this.scope.node.tryFindChild('Endpoints') as Construct | undefined) ?? new Construct(this.scope, 'Endpoints');
    const scope = new Construct(parent, pascalCase(name));
    const group = new SecurityGroup(scope, 'SecurityGroup', {
      vpc: this.vpc,
      allowAllOutbound: false,
      description: `Endpoint of ${name}`,
    });
    const endpoint = new InterfaceVpcEndpoint(scope, 'Endpoint', {
      vpc: this.vpc,
      service,
      subnets: this.subnets,
      securityGroups: [group],
      open: false,
      privateDnsEnabled: true,
    });
    const made = { endpoint, group };
    this.made.set(name, made);
    return made;
  }

  private gateway(name: AwsServiceName): IDependable {
    const known = this.gateways.get(name);
    if (known) return known;
    const made = this.vpc.addGatewayEndpoint(AWS_SERVICES[name], { service: GatewayVpcEndpointAwsService.DYNAMODB });
    this.gateways.set(name, made);
    return made;
  }
}

/** Creates the rules in the stack of the client, so that the mesh never depends on its services. */
function admit(from: ISecurityGroup, group: ISecurityGroup, name: string): IDependable {
  const id = `To ${name} endpoint`;
  return (
    from.node.tryFindChild(id) ??
    new CfnSecurityGroupIngress(from as unknown as Construct, id, {
      groupId: group.securityGroupId,
      sourceSecurityGroupId: from.securityGroupId,
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      description: `To ${name}`,
    })
  );
}

function pascalCase(name: string): string {
  return name.replace(/(^|[.-])([a-z0-9])/g, (_, _separator, letter: string) => letter.toUpperCase());
}
