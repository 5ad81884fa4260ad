import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { IContainerHosts } from './container-hosts';

/** A group of EC2 container hosts in an Auto Scaling group. */
export interface IEc2Capacity extends IContainerHosts {
  /** The hosts. */
  readonly autoScalingGroup: AutoScalingGroup;

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
