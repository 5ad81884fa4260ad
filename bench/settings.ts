/** The same for every app that is measured. */
export const ENV = { account: '111111111111', region: 'us-east-1' };
export const IMAGE = 'public.ecr.aws/docker/library/nginx:1.30';

/** What is measured of a large app, in the order of the table. */
export const REPORT_NAMES = ['AwsSolutions', 'EcsMeshChecks', 'TopologyDiagram', 'Reachability', 'CostReport'] as const;
export type ReportName = (typeof REPORT_NAMES)[number];
