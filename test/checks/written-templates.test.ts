import { App, NestedStack, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { build as buildPatterns } from '../../bench/three-tier/patterns';
import { build as buildPlain } from '../../bench/three-tier/plain';
import { EcsMeshChecks } from '../../src/checks/ecs-mesh-checks';

/** Two stacks, one of them nested, whose service has faults. */
function buildNested(app: App): void {
  const stack = new Stack(app, 'Outer');
  const cluster = new ecs.Cluster(stack, 'Cluster');
  const inner = new NestedStack(stack, 'Inner');
  const taskDefinition = new ecs.FargateTaskDefinition(inner, 'Task', { runtimePlatform: {} });
  const logging = ecs.LogDrivers.awsLogs({ streamPrefix: 'app' });
  taskDefinition.addContainer('app', { image: ecs.ContainerImage.fromRegistry('redis:5'), logging });
  new ecs.FargateService(inner, 'Service', { cluster, taskDefinition, enableExecuteCommand: true });
}

test.each([
  ['aws-ecs-patterns', (app: App) => buildPatterns(app, 2)],
  ['plain L2', (app: App) => buildPlain(app, 2)],
  ['a nested stack', buildNested],
])('%s: written templates have the findings of the construct tree', (_, build) => {
  const app = new App();
  build(app);
  const stacks = app.synth().stacksRecursively;
  const stackTemplates = stacks.map(({ hierarchicalId, templateFullPath, environment }) => ({
    stackConstructPath: hierarchicalId,
    templatePath: templateFullPath,
    accountId: environment.account,
    region: environment.region,
  }));
  const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
  const { violations } = new EcsMeshChecks().validate({ appConstruct: app, stackTemplates, templatePaths });
  expect(violations.length).toBeGreaterThan(0);
  expect(violations).toEqual(new EcsMeshChecks().validateScope(app).violations);
});
