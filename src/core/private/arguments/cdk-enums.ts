import { RemovalPolicy } from 'aws-cdk-lib';
import { SpotAllocationStrategy } from 'aws-cdk-lib/aws-autoscaling';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AcceleratorManufacturer,
  AcceleratorName,
  AcceleratorType,
  BareMetal,
  BurstablePerformance,
  CpuManufacturer,
  InstanceGeneration,
  LocalStorage,
  LocalStorageType,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import { TagMutability } from 'aws-cdk-lib/aws-ecr';
import {
  Capability,
  CapacityOptionType,
  ContainerDependencyCondition,
  ContainerInsights,
  DeploymentLifecycleStage,
  NetworkMode,
  UlimitName,
} from 'aws-cdk-lib/aws-ecs';
import { ApplicationProtocol, SslPolicy, UnauthenticatedAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** The enums of the CDK, from the version that the app has; each loads when a value is held against it. Written by `npx projen facts:arguments`. */
export const CDK_ENUMS: Readonly<Record<string, (() => object) | undefined>> = {
  AcceleratorManufacturer: () => AcceleratorManufacturer,
  AcceleratorName: () => AcceleratorName,
  AcceleratorType: () => AcceleratorType,
  ApplicationProtocol: () => ApplicationProtocol,
  BareMetal: () => BareMetal,
  BurstablePerformance: () => BurstablePerformance,
  Capability: () => Capability,
  CapacityOptionType: () => CapacityOptionType,
  ComparisonOperator: () => ComparisonOperator,
  ContainerDependencyCondition: () => ContainerDependencyCondition,
  ContainerInsights: () => ContainerInsights,
  CpuManufacturer: () => CpuManufacturer,
  DeploymentLifecycleStage: () => DeploymentLifecycleStage,
  InstanceGeneration: () => InstanceGeneration,
  LocalStorage: () => LocalStorage,
  LocalStorageType: () => LocalStorageType,
  NetworkMode: () => NetworkMode,
  RemovalPolicy: () => RemovalPolicy,
  RetentionDays: () => RetentionDays,
  SpotAllocationStrategy: () => SpotAllocationStrategy,
  SslPolicy: () => SslPolicy,
  SubnetType: () => SubnetType,
  TagMutability: () => TagMutability,
  TreatMissingData: () => TreatMissingData,
  UlimitName: () => UlimitName,
  UnauthenticatedAction: () => UnauthenticatedAction,
};
