import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  DualAlbGateway,
  DualAlbGatewayProps,
  ExternalSide,
  InternalSide,
  MeshService,
  MeshServiceProps,
  RouteProps,
  ServiceConnectMesh,
  SideCertificate,
} from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

export const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
export const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';

/** A service behind the external side of a gateway. */
export interface Shop {
  readonly stack: Stack;
  readonly mesh: ServiceConnectMesh;
  readonly gateway: DualAlbGateway;
  readonly api: MeshService;
}

export function newGateway(mesh: ServiceConnectMesh, props: Partial<DualAlbGatewayProps> = {}, scope: Construct = Stack.of(mesh)) {
  const certificate = Certificate.fromCertificateArn(scope, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/c');
  const external = ExternalSide.https({ certificate: SideCertificate.given(certificate) });
  return new DualAlbGateway(scope, 'Gateway', { network: mesh, external, internal: InternalSide.http(), ...props });
}

export function newShop(props: Partial<MeshServiceProps> = {}, route: Partial<RouteProps> = {}, stack = newStack()): Shop {
  const mesh = newMesh(stack);
  const gateway = newGateway(mesh);
  const api = newService(mesh, 'Api', props);
  gateway.external.route('Api', { target: api.port('http'), ...route });
  return { stack, mesh, gateway, api };
}

export function renderShop(props: Partial<MeshServiceProps> = {}, route: Partial<RouteProps> = {}): Template {
  return templateOf(newShop(props, route).stack);
}

export function newFunction(scope: Construct, id = 'SmokeTest'): LambdaFunction {
  return new LambdaFunction(scope, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('//') });
}

export function serviceOf(template: Template): ReturnType<typeof only> {
  return only(template, 'AWS::ECS::Service', 'Api');
}

/** The logical id of the only resource of a type with that prefix. */
export function idOf(template: Template, type: string, prefix: string): string {
  const ids = Object.keys(resources(template, type, prefix));
  expect(ids).toHaveLength(1);
  return ids[0];
}
