import { App, IPolicyValidationPlugin } from 'aws-cdk-lib';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { CostReport, EcsMeshChecks, Reachability, TopologyDiagram } from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ReportName } from '../settings';

/** A synthesised app. */
export interface Synthesised {
  readonly app: App;
  readonly assembly: CloudAssembly;
}

/** What an app may ask for beside its templates. */
export const REPORTS: Record<ReportName, (of: Synthesised) => unknown> = {
  AwsSolutions: (of) => validate(new AwsSolutionsChecks(), of),
  EcsMeshChecks: (of) => validate(new EcsMeshChecks(), of),
  TopologyDiagram: ({ app }) => {
    const diagram = TopologyDiagram.of(app);
    return [diagram.toJson(), diagram.toMermaid(), diagram.toSvg()];
  },
  Reachability: ({ app }) => Reachability.of(app).pairs(),
  CostReport: ({ assembly }) => {
    const report = CostReport.fromAssembly(assembly.directory);
    return [report.toJson(), report.toMarkdown()];
  },
};

/** As CDK calls a plugin at the end of its synthesis. */
function validate(plugin: IPolicyValidationPlugin, { app, assembly }: Synthesised): unknown {
  const stackTemplates = assembly.stacksRecursively.map(({ hierarchicalId, templateFullPath, environment }) => ({
    stackConstructPath: hierarchicalId,
    templatePath: templateFullPath,
    accountId: environment.account,
    region: environment.region,
  }));
  const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
  return plugin.validate({ appConstruct: app, stackTemplates, templatePaths });
}
