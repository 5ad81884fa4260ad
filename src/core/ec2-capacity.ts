import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { IContainerHosts } from './container-hosts';

/** A group of EC2 container hosts in an Auto Scaling group. */
export interface IEc2Capacity extends IContainerHosts {
  /** The Auto Scaling group of the hosts. */
  readonly autoScalingGroup: AutoScalingGroup;

  /** The instance type of the hosts. It determines the CPU architecture of images. */
  readonly instanceType: InstanceType;

  /** The maximum number of hosts. It limits the number of tasks that can use the same host port. */
  readonly maxInstances: number;

  /**
   * Reserves a port of the hosts for a service. A port can be reserved once, because two tasks on one host cannot share it.
   *
   * @param hostPort port on the host
   * @param owner service that uses it
   */
  reserveHostPort(hostPort: number, owner: IConstruct): void;
}
