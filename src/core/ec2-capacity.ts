import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { IConnectable, InstanceType, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';

/** A group of EC2 container hosts that services can run on. */
export interface IEc2Capacity extends IConstruct, IConnectable {
  /** Name of the ECS capacity provider. */
  readonly capacityProviderName: string;

  /** The hosts. */
  readonly autoScalingGroup: AutoScalingGroup;

  /** Security group of the hosts; tasks in bridge and host mode share it. */
  readonly securityGroup: ISecurityGroup;

  /** Type of the hosts; decides the architecture of images. */
  readonly instanceType: InstanceType;

  /** Most hosts that the group scales to; bounds the tasks that can hold one host port. */
  readonly maxInstances: number;

  /**
   * Take a port of the hosts for a service; a port can be taken once, since two tasks on one host cannot share it.
   *
   * @param hostPort the port on the host
   * @param owner the service that takes it
   */
  reserveHostPort(hostPort: number, owner: IConstruct): void;
}
