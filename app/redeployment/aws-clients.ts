/** The calls that the handler makes, as far as it uses them; the runtime of Lambda has the SDK, and nothing of it is bundled. */
export interface Ecs {
  describeServices(input: { cluster: string; services: string[] }): Promise<{ services?: Service[] }>;
  listServiceDeployments(input: {
    cluster: string;
    service: string;
    createdAt: { after: Date };
  }): Promise<{ serviceDeployments?: object[] }>;
  updateService(input: { cluster: string; service: string; forceNewDeployment: true }): Promise<unknown>;
}

export interface SecretsManager {
  describeSecret(input: { SecretId: string }): Promise<{ LastRotatedDate?: Date }>;
}

export interface CloudFormation {
  describeStacks(input: { StackName: string }): Promise<{ Stacks?: { StackStatus?: string }[] }>;
}

export interface Service {
  readonly status?: string;
  readonly desiredCount?: number;
  readonly deployments?: { readonly rolloutState?: string }[];
}
