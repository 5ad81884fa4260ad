import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  MeshService,
  MeshServiceProps,
  OidcOptions,
  RouteAuthentication,
  ServiceConnectMesh,
  ServiceConnectMeshProps,
} from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import { smallApp } from './small-app';

/** A stack in a known region of a new app. */
export function newStack(id = 'Shop', app = smallApp()): Stack {
  return new Stack(app, id, { env: { region: 'eu-west-1' } });
}

export function newMesh(scope: Construct = newStack(), props: ServiceConnectMeshProps = {}): ServiceConnectMesh {
  return new ServiceConnectMesh(scope, 'Mesh', props);
}

/** A container with one HTTP port, 8080. */
export const WEB = { image: ContainerImage.fromRegistry('my/web'), ports: [{ name: 'http', containerPort: 8080 }] };

/** A service of one WEB container, unless `props` say otherwise. */
export function newService(
  mesh: ServiceConnectMesh,
  id: string,
  props: Partial<MeshServiceProps> = {},
  scope: Construct = Stack.of(mesh),
): MeshService {
  return new MeshService(scope, id, { mesh, containers: [WEB], ...props });
}

/** Signs users in with a provider that is not asked. */
export function oidc(props: Partial<OidcOptions> = {}, scope: Construct = newStack()): RouteAuthentication {
  return RouteAuthentication.oidc({
    issuer: 'https://idp.example.com',
    authorizationEndpoint: 'https://idp.example.com/authorize',
    tokenEndpoint: 'https://idp.example.com/token',
    userInfoEndpoint: 'https://idp.example.com/userinfo',
    clientId: 'admin',
    clientSecret: Secret.fromSecretNameV2(scope, 'ClientSecret', 'idp/admin'),
    ...props,
  });
}

export function templateOf(scope: Construct): Template {
  return Template.fromStack(Stack.of(scope));
}

interface Resource {
  readonly Type: string;
  // The template's own shape: every resource type has other properties.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly Properties: any;
  readonly DependsOn?: string[];
}

/** The resources of one type whose logical id starts with `prefix`. */
export function resources(template: Template, type: string, prefix = ''): Record<string, Resource> {
  return Object.fromEntries(
    Object.entries(template.findResources(type) as Record<string, Resource>).filter(([id]) => id.startsWith(prefix)),
  );
}

/** The one resource of a type whose logical id starts with `prefix`. */
export function only(template: Template, type: string, prefix = ''): Resource {
  const found = Object.values(resources(template, type, prefix));
  expect(found).toHaveLength(1);
  return found[0];
}

/** Every security-group rule of a template as `client -> server port`, by the names of the groups' constructs. */
export function openPaths(...templates: Template[]): string[] {
  const rules = templates.flatMap((template) => Object.values(resources(template, 'AWS::EC2::SecurityGroupIngress')));
  return rules
    .map(
      ({ Properties: p }) =>
        `${groupName(p.SourceSecurityGroupId)} -> ${groupName(p.GroupId)} ${p.FromPort}${p.ToPort === p.FromPort ? '' : `-${p.ToPort}`}`,
    )
    .sort();
}

function groupName(reference: {
  'Fn::GetAtt'?: string[];
  'Fn::ImportValue'?: string;
  'Fn::GetStackOutput'?: { OutputName: string };
}): string {
  const text =
    reference['Fn::GetAtt']?.[0] ??
    reference['Fn::ImportValue'] ??
    reference['Fn::GetStackOutput']?.OutputName ??
    JSON.stringify(reference);
  return /(?:FnGetAtt)?(\w+?)SecurityGroup[0-9A-F]{8}/.exec(text)?.[1].replace(/^.*ExportsOutput(FnGetAtt)?/, '') ?? text;
}

/** Findings of AwsSolutions that nobody acknowledged. */
export function findings(scope: Construct): string[] {
  const app = scope.node.root as App;
  app.synth();
  return new AwsSolutionsChecks()
    .validateScope(app)
    .violations.flatMap((v) => v.violatingResources.map((r) => `${v.ruleName} ${r.constructPath}`));
}

/** A value of the template in short: `Cluster`, `Service.Name`, and `Cache-001`; logical ids without their hashes. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, never>;
  const id = (text: string) => text.replace(/[0-9A-F]{8}$/, '');
  if (join) return (join as [string, unknown[]])[1].map(valueText).join('');
  return attribute ? `${id(attribute[0])}.${attribute[1]}` : id(Ref);
}

/** The message of an error; nothing if there is none. */
export function messageOf(act: () => unknown): string {
  try {
    act();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
