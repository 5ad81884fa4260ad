import { App, Stack, Validations } from 'aws-cdk-lib';
import { Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, NetworkMode, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  ComponentKind,
  Compute,
  ConnectOptions,
  Endpoint,
  EndpointBinding,
  IEndpoint,
  IEndpointClient,
  PortProtocol,
  ServiceConnect,
  TopologyRecord,
} from 'cdk-ecs-mesh';
import { WEB, newMesh, newService, newStack, only, openPaths, resources, templateOf } from '../helpers';

const IMAGE = ContainerImage.fromRegistry('my/web');

/** Api calls Store; `variables` are what Api's first container got. */
function callerAndServer() {
  const mesh = newMesh();
  const server = newService(mesh, 'Store');
  const client = newService(mesh, 'Api');
  return { mesh, server, client };
}

const variables = (template: ReturnType<typeof templateOf>, prefix: string, index = 0) =>
  only(template, 'AWS::ECS::TaskDefinition', prefix).Properties.ContainerDefinitions[index].Environment;

/** An endpoint as a user would write it. */
class Custom implements IEndpoint {
  constructor(private readonly binding: Omit<EndpointBinding, 'facts'>) {}

  public bindEndpoint(_client: IEndpointClient, _options: ConnectOptions): EndpointBinding {
    return { facts: { server: 'custom', protocol: 'tcp' }, ...this.binding };
  }
}

describe('T1: Service Connect clients never see servers created after them', () => {
  test("the client's service resource waits for the server's, and for nothing else of it", () => {
    const { client, server } = callerAndServer();
    client.connectTo(server.port('http'));
    const template = templateOf(client);
    const waits = only(template, 'AWS::ECS::Service', 'Api').DependsOn!.filter((id) => id.startsWith('Store'));
    expect(waits).toEqual(Object.keys(resources(template, 'AWS::ECS::Service', 'Store')));
    expect(only(template, 'AWS::ECS::Service', 'Store').DependsOn!.filter((id) => id.startsWith('Api'))).toEqual([]);
  });

  test('a circle of calls is refused, and drawn', () => {
    const mesh = newMesh();
    const [a, b, c] = ['A', 'B', 'C'].map((id) => newService(mesh, id));
    a.connectTo(b.port('http'));
    b.connectTo(c.port('http'));
    expect(() => c.connectTo(a.port('http'))).toThrow(
      '`connectTo` must not close a circle of calls, since each service deploys after those it calls, got "Shop/C -> Shop/A -> Shop/B -> Shop/C"; let one of them call through a queue, or by an address that needs no order (Endpoint.externalHost) [CallCycle at Shop/C]',
    );
  });

  // The ways from the last service to the first are more than a billion; only a walk that looks at each service once ends.
  test('a circle is found behind very many ways', () => {
    const mesh = newMesh();
    const services = Array.from({ length: 45 }, (_, i) => newService(mesh, `S${i}`));
    services.slice(1).forEach((service, i) => service.connectTo(services[i].port('http')));
    services.slice(2).forEach((service, i) => service.connectTo(services[i].port('http')));
    const called = newService(mesh, 'Called');
    newService(mesh, 'Caller').connectTo(called.port('http'));
    called.connectTo(services[44].port('http'));
    expect(() => services[0].connectTo(called.port('http'))).toThrow('[CallCycle at Shop/S0]');
    expect(TopologyRecord.of(mesh).pathBetween('Shop/S44', 'Shop/none')).toEqual([]);
  });

  test('a service may call itself', () => {
    const { client } = callerAndServer();
    client.connectTo(client.port('http'));
    expect(openPaths(templateOf(client))).toEqual(['Api -> Api 8080']);
  });
});

describe('T2: CDK emits no security-group rule for Service Connect', () => {
  test('the pair comes with the connection, and with nothing else', () => {
    const { client, server } = callerAndServer();
    expect(openPaths(templateOf(callerAndServer().client))).toEqual([]);
    client.connectTo(server.port('http'));
    const template = templateOf(client);
    expect(openPaths(template)).toEqual(['Api -> Store 8080']);
    const egress = Object.values(resources(template, 'AWS::EC2::SecurityGroupEgress')).map((r) => r.Properties);
    expect(egress).toEqual([
      expect.objectContaining({ FromPort: 8080, ToPort: 8080, IpProtocol: 'tcp', Description: 'api to http' }),
    ]);
  });

  test('bridge mode behind the proxy: the dynamic ports of the hosts', () => {
    const mesh = newMesh();
    const compute = Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.BRIDGE });
    const server = newService(mesh, 'Store', { compute, networking: { serviceConnect: ServiceConnect.clientAndServer() } });
    const client = newService(mesh, 'Api');
    client.connectTo(server.port('http'));
    expect(openPaths(templateOf(client))).toEqual(['Api -> MeshHosts 32768-65535']);
  });
});

describe('what a client gets', () => {
  test('host, port and URL under the name of the server', () => {
    const { client, server } = callerAndServer();
    client.connectTo(server.port('http'));
    expect(variables(templateOf(client), 'Api')).toEqual([
      { Name: 'STORE_HOST', Value: 'store.shop-mesh' },
      { Name: 'STORE_PORT', Value: '8080' },
      { Name: 'STORE_URL', Value: 'http://store.shop-mesh:8080' },
    ]);
  });

  test('several ports are told apart; TCP has no URL; another prefix', () => {
    const mesh = newMesh();
    const ports = [WEB.ports[0], { name: 'queue', containerPort: 5672, protocol: PortProtocol.TCP }];
    const server = newService(mesh, 'Store', { containers: [{ image: IMAGE, ports }] });
    const client = newService(mesh, 'Api');
    client.connectTo(server.port('queue'), { as: 'BROKER' });
    expect(variables(templateOf(client), 'Api')).toEqual([
      { Name: 'BROKER_HOST', Value: 'store-queue.shop-mesh' },
      { Name: 'BROKER_PORT', Value: '5672' },
    ]);
  });

  test('only the chosen containers get it', () => {
    const mesh = newMesh();
    const client = newService(mesh, 'Api', { containers: [WEB, { image: IMAGE, name: 'worker' }] });
    client.connectTo(newService(mesh, 'Store').port('http'), { containers: ['worker'] });
    const template = templateOf(client);
    expect([variables(template, 'Api', 0), variables(template, 'Api', 1)?.length]).toEqual([undefined, 3]);
  });

  test('variables are in the order of their names, so that no language can shuffle a task definition', () => {
    const client = newService(newMesh(), 'Api', { containers: [{ ...WEB, environment: { ZONE: 'z', AREA: 'a' } }] });
    client.connectTo(new Custom({ environment: { QUEUE: 'q', LEGACY: 'l' } }));
    expect(variables(templateOf(client), 'Api').map((v: { Name: string }) => v.Name)).toEqual(['AREA', 'ZONE', 'LEGACY', 'QUEUE']);
  });

  test('connecting twice is connecting once', () => {
    const { client, server } = callerAndServer();
    client.connectTo(server.port('http'));
    client.connectTo(server.port('http'));
    expect(openPaths(templateOf(client))).toHaveLength(1);
    expect(TopologyRecord.of(client).connections).toHaveLength(1);
  });

  test('the connection is recorded', () => {
    const { client, server } = callerAndServer();
    client.connectTo(server.port('http'));
    expect(TopologyRecord.of(client).connections).toEqual([
      { client: 'Shop/Api', server: 'Shop/Store', protocol: 'http', dnsName: 'store.shop-mesh', port: 8080 },
    ]);
    expect(TopologyRecord.of(client).components.map((c) => [c.id, c.kind, c.details])).toEqual([
      ['Shop/Store', 'service', ['Fargate', '2-4 tasks']],
      ['Shop/Api', 'service', ['Fargate', '2-4 tasks']],
    ]);
    expect(TopologyRecord.of(client).pathBetween('Shop/Api', 'Shop/Store')).toEqual(['Shop/Api', 'Shop/Store']);
    expect(TopologyRecord.of(client).pathBetween('Shop/Store', 'Shop/Api')).toEqual([]);
  });
});

describe('endpoints of the user', () => {
  test('variables, secrets, reaches, permissions', () => {
    const mesh = newMesh();
    const stack = Stack.of(mesh);
    const client = newService(mesh, 'Api');
    client.connectTo(
      new Custom({
        environment: { LEGACY: '192.0.2.1' },
        secrets: { LEGACY_TOKEN: EcsSecret.fromSecretsManager(new Secret(stack, 'Token')) },
        reaches: [{ server: Peer.ipv4('192.0.2.0/24'), port: Port.tcp(9000) }],
        policyStatements: [
          new PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:eu-west-1:111111111111:q'] }),
        ],
      }),
    );
    const template = templateOf(client);
    expect(variables(template, 'Api')).toEqual([{ Name: 'LEGACY', Value: '192.0.2.1' }]);
    expect(only(template, 'AWS::IAM::Policy', 'ApiTaskRole').Properties.PolicyDocument.Statement).toEqual([
      { Action: 'sqs:SendMessage', Effect: 'Allow', Resource: 'arn:aws:sqs:eu-west-1:111111111111:q' },
    ]);
    expect(only(template, 'AWS::EC2::SecurityGroup', 'Api').Properties.SecurityGroupEgress).toContainEqual(
      expect.objectContaining({ CidrIp: '192.0.2.0/24', FromPort: 9000 }),
    );
  });

  test('the component that is called, and what is inherent in the permissions', () => {
    const client = newService(newMesh(), 'Api');
    const component = { id: 'ldap.corp.example', kind: ComponentKind.EXTERNAL, label: 'LDAP' };
    const acknowledgement = { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'The directory has no ARN.' };
    client.connectTo(new Custom({ components: [component], acknowledgements: [acknowledgement] }));
    expect(TopologyRecord.of(client).components).toContainEqual(component);
    const found = client.taskRole.node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
    expect(found.map(({ data }) => data)).toEqual([{ 'Annotation::AwsSolutions-IAM5[Resource::*]': 'The directory has no ARN.' }]);
  });

  test('two connections cannot fight over one variable', () => {
    const { client, server } = callerAndServer();
    client.connectTo(server.port('http'), { as: 'DB' });
    expect(() => client.connectTo(new Custom({ environment: { DB_HOST: 'other' } }))).toThrow(
      '`connectTo` must not give api a variable that it has from Shop/Store, got "DB_HOST"; choose another prefix, such as connectTo(endpoint, { as: \'OTHER\' }) [VariableTaken at Shop/Api]',
    );
  });

  test("a container's own variables count too", () => {
    const client = newService(newMesh(), 'Api', { containers: [{ ...WEB, environment: { MODE: 'x' } }] });
    expect(() => client.connectTo(new Custom({ environment: { MODE: 'y' } }))).toThrow(
      /a variable that it has from its own options, got "MODE"/,
    );
  });
});

describe('Endpoint', () => {
  test('GEO-4, GEO-6: a secret read at run time: name and key, read on this one secret, never the value', () => {
    const client = newService(newMesh(), 'Api');
    client.connectTo(Endpoint.secret(new Secret(Stack.of(client), 'ApiKey'), { field: 'apiKey' }));
    const template = templateOf(client);
    const [secretId] = Object.keys(resources(template, 'AWS::SecretsManager::Secret'));
    expect(variables(template, 'Api')).toEqual([
      { Name: 'SECRET_KEY', Value: 'apiKey' },
      { Name: 'SECRET_NAME', Value: { Ref: secretId } },
    ]);
    const Action = ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'];
    expect(only(template, 'AWS::IAM::Policy', 'ApiTaskRole').Properties.PolicyDocument.Statement).toEqual([
      { Action, Effect: 'Allow', Resource: { Ref: secretId } },
    ]);
    const Condition = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    expect(only(template, 'AWS::IAM::Role', 'ApiTaskRole').Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Condition },
    ]);
  });

  test('a secret with a key of its own; the whole secret; an imported name', () => {
    const client = newService(newMesh(), 'Api');
    const stack = Stack.of(client);
    const key = new Key(stack, 'Key');
    client.connectTo(Endpoint.secret(new Secret(stack, 'Own', { encryptionKey: key })), { as: 'OWN' });
    client.connectTo(Endpoint.secret(Secret.fromSecretNameV2(stack, 'Imported', 'prod/key')), { as: 'IMPORTED' });
    const template = templateOf(client);
    expect(variables(template, 'Api')).toContainEqual({ Name: 'OWN_KEY', Value: '' });
    const statements = only(template, 'AWS::IAM::Policy', 'ApiTaskRole').Properties.PolicyDocument.Statement;
    expect(statements[1]).toEqual({
      Action: 'kms:Decrypt',
      Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } },
      Effect: 'Allow',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
    });
    expect(JSON.stringify(statements[2].Resource)).toContain('prod/key-??????');
  });

  test('an external host opens its port and nothing more', () => {
    const client = newService(newMesh(), 'Api');
    client.connectTo(Endpoint.externalHost('smtp.example.com', { port: 587 }));
    const template = templateOf(client);
    expect(variables(template, 'Api')).toEqual([
      { Name: 'SMTP_EXAMPLE_COM_HOST', Value: 'smtp.example.com' },
      { Name: 'SMTP_EXAMPLE_COM_PORT', Value: '587' },
    ]);
    const ports = only(template, 'AWS::EC2::SecurityGroup', 'Api').Properties.SecurityGroupEgress.map(
      (r: { FromPort: number }) => r.FromPort,
    );
    expect(ports).toEqual([443, 587]);
  });

  test.each([
    [
      'https://example.com/',
      {},
      /`hostName` must be a DNS name or an address, got "https:\/\/example.com\/"; .* \[BadHostName at Shop\/Api\]/,
    ],
    ['example.com', { port: 0 }, /`port` must be a whole number from 1 to 65535, got 0; .* \[PortOutOfRange at Shop\/Api\]/],
  ])('%s %p is refused', (host, options, message) => {
    expect(() => newService(newMesh(), 'Api').connectTo(Endpoint.externalHost(host, options))).toThrow(message);
  });
});

describe('bad input', () => {
  test('an unknown port, with the nearest name', () => {
    const { server } = callerAndServer();
    expect(() => server.port('htpp')).toThrow(
      '`port` must be a port of this service (http), got "htpp"; did you mean "http"? [PortUnknown at Shop/Store]',
    );
    expect(() => server.port('metrics')).toThrow(
      '`port` must be a port of this service (http), got "metrics"; add it to `containers[].ports` [PortUnknown at Shop/Store]',
    );
  });

  test('a port of a service without ports', () => {
    expect(() => newService(newMesh(), 'Job', { containers: [{ image: IMAGE }] }).port('http')).toThrow(
      /which has none, got "http"/,
    );
  });

  test('a client without a proxy', () => {
    const mesh = newMesh();
    const client = newService(mesh, 'Api', { networking: { serviceConnect: ServiceConnect.none() } });
    expect(() => client.connectTo(newService(mesh, 'Store').port('http'))).toThrow(
      '`networking.serviceConnect` must make this service a client, or store.shop-mesh does not resolve in its tasks, got "ServiceConnect.none()"; choose `ServiceConnect.client()`, or connect to a gateway route, or give the called service a `networking.discovery` [NoProxy at Shop/Api]',
    );
  });

  test('a server without an alias', () => {
    const mesh = newMesh();
    const server = newService(mesh, 'Store', { networking: { serviceConnect: ServiceConnect.client() } });
    expect(() => newService(mesh, 'Api').connectTo(server.port('http'))).toThrow(
      '`connectTo` must name a port that has a Service Connect alias, and Shop/Store offers none, got "http"; give that service `networking: { serviceConnect: ServiceConnect.onDemand() }` or a `networking.discovery`, or connect to a gateway route of it [NoAlias at Shop/Api]',
    );
  });

  test('unknown container, bad prefix', () => {
    const { client, server } = callerAndServer();
    expect(() => client.connectTo(server.port('http'), { containers: ['apl'] })).toThrow(
      '`containers` must name containers of this task (api), got "apl"; did you mean "api"? [ContainerUnknown at Shop/Api]',
    );
    expect(() => client.connectTo(server.port('http'), { as: 'db-1' })).toThrow(
      '`as` must be capitals, digits and underscores, got "db-1"; write it like "CACHE" [BadVariablePrefix at Shop/Api]',
    );
  });
});

describe('T21: mesh, services and their callers in stacks of their own', () => {
  test('the rules are in the stack of the client; nothing depends back', () => {
    const app = new App();
    const mesh = newMesh(newStack('Net', app));
    const server = newService(mesh, 'Store', {}, newStack('StoreStack', app));
    const client = newService(mesh, 'Api', {}, newStack('ApiStack', app));
    client.connectTo(server.port('http'));
    expect(
      app.synth().stacks.map((stack) => [
        stack.stackName,
        stack.dependencies
          .map((d) => d.id)
          .filter((id) => !id.endsWith('.assets'))
          .sort(),
      ]),
    ).toEqual([
      ['Net', []],
      ['StoreStack', ['Net']],
      ['ApiStack', ['Net', 'StoreStack']],
    ]);
    expect(openPaths(templateOf(client))).toHaveLength(1);
    expect(openPaths(templateOf(server))).toEqual([]);
  });
});
