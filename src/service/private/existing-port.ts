import { Connections, IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { addressOf } from './port-address';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../../core/endpoint';
import { PortProtocol } from '../../core/port-protocol';
import { requireInteger } from '../../core/private/errors';
import { variablePrefix } from '../../core/private/names';
import { numberText } from '../../core/private/number-text';
import { requireSameEnvironment } from '../../core/private/same-environment';
import { requireProxy } from '../../core/private/service-connect-client';
import { ComponentKind } from '../../core/topology-record';
import { ServicePortAttributes } from '../service-port-attributes';

/** A port of a service of another app, called by its Service Connect alias. */
export class ExistingPort extends Construct implements IEndpoint, IConnectable {
  public readonly connections: Connections;

  private readonly protocol: PortProtocol;
  private readonly topologyId: string;

  /** @param sharedAs prefix under which the owner shares the port, which identifies it in the topology */
  constructor(
    scope: Construct,
    id: string,
    private readonly attributes: ServicePortAttributes,
    sharedAs?: string,
  ) {
    super(scope, id);
    const { port, protocol = PortProtocol.HTTP, securityGroup } = attributes;
    requireInteger(this, 'PortOutOfRange', 'port', port, 1, 65535);
    this.protocol = protocol;
    this.topologyId = sharedAs ?? this.node.path;
    this.connections = new Connections({ securityGroups: [securityGroup], defaultPort: Port.tcp(port) });
  }

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    requireSameEnvironment(client, this);
    const { dnsName, port } = this.attributes;
    const { protocol, topologyId: server } = this;
    requireProxy(client, dnsName, 'call a gateway route of the other app');
    return {
      facts: { server, protocol, dnsName, port },
      components: [{ id: server, kind: ComponentKind.SERVICE, label: this.node.id, details: ['another app'] }],
      environment: addressOf(options.as ?? variablePrefix(this.node.id), { dnsName, port: numberText(port), protocol }),
      reaches: [{ server: this, port: Port.tcp(port) }],
    };
  }
}
