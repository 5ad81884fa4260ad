/** The SDK of Lambda's runtime, for all functions: see their aws-clients.ts. */
declare module '@aws-sdk/client-ecs' {
  export const ECS: new () => import('./aws-clients').Ecs & import('../redeployment/aws-clients').Ecs;
}

declare module '@aws-sdk/client-cloudformation' {
  export const CloudFormation: new () => import('./aws-clients').CloudFormation;
}
