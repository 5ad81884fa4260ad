const RETURNED = 'the library returns it';
const BRIDGE = 'it is between constructs of the library, which make it: tests of the endpoints and routes';

/** Public props in which nothing is planted, with the reason: `Struct`, `Struct.prop`, or `*.prop` for each struct. */
export const NOT_PLANTED: Readonly<Record<string, string>> = {
  '*.mesh': 'each case is built in one',
  '*.network': 'each case is built in one',
  '*.target': 'each case has one',
  CalledPort: BRIDGE,
  CostLine: RETURNED,
  'CostReportProps.budget': 'a report has it as a check: test/cost',
  Ec2CapacityProps: 'Ec2CapacityOptions and a mesh',
  'ExistingSideOptions.zone': 'that of GatewaySideAttributes',
  EndpointAcknowledgement: BRIDGE,
  EndpointBinding: BRIDGE,
  EndpointFacts: BRIDGE,
  EndpointReach: BRIDGE,
  ImportedDatabaseOptions: 'those of ImportedDatabaseProps',
  JobProps: 'those of ScheduledJobProps and DeploymentJobProps',
  ManagedInstancesProps: 'ManagedInstancesOptions and a mesh',
  ReachabilityProps: 'the stacks of a proof: test/proof',
  ReachablePair: RETURNED,
  RouteAttachment: BRIDGE,
  RouteRequest: BRIDGE,
  SignInOptions: 'those of OidcOptions and CognitoOptions',
  UnknownValue: RETURNED,
};
