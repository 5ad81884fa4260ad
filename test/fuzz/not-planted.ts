const RETURNED = 'the library returns it';
const BRIDGE = 'it is between constructs of the library, which make it: tests of the endpoints and routes';
const SHARED = 'it is about a component of another app, which its own tests read from parameters';
const REPORT = 'its output is a report or a picture and no template: test/cost, test/proof, test/topology';
const RECORD = 'it is what a component of another team records about itself: test/core, test/observability, test/topology';

/** Public props in which nothing is planted, with the reason: `Struct`, `Struct.prop`, or `*.prop` for each struct. */
export const NOT_PLANTED: Readonly<Record<string, string>> = {
  '*.mesh': 'each case is built in one',
  '*.network': 'each case is built in one',
  '*.target': 'each case has one',
  CalledPort: BRIDGE,
  CostLine: RETURNED,
  CostReportProps: REPORT,
  Ec2CapacityProps: 'Ec2CapacityOptions and a mesh',
  EndpointAcknowledgement: BRIDGE,
  EndpointBinding: BRIDGE,
  EndpointFacts: BRIDGE,
  EndpointReach: BRIDGE,
  ExistingSideOptions: 'those of GatewaySideAttributes',
  ImportedDatabaseOptions: 'those of ImportedDatabaseProps',
  JobProps: 'those of ScheduledJobProps and DeploymentJobProps',
  ManagedInstancesProps: 'ManagedInstancesOptions and a mesh',
  MetricAlarm: RECORD,
  MonthlyUsage: REPORT,
  ObservedComponent: RECORD,
  ObservedMetric: RECORD,
  ReachabilityProps: REPORT,
  ReachablePair: RETURNED,
  RouteAttachment: BRIDGE,
  RouteRequest: BRIDGE,
  ServicePortAttributes: SHARED,
  SharedMeshOptions: SHARED,
  SharedPortOptions: SHARED,
  SignInOptions: 'those of OidcOptions and CognitoOptions',
  TopologyComponent: RECORD,
  TopologyConnection: RECORD,
  TopologyDiagramProps: REPORT,
  UnknownValue: RETURNED,
};
