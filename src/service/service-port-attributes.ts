import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PortProtocol } from '../core/port-protocol';

/** The facts about a port of a service that the client's template contains. */
export interface SharedPortOptions {
  /** The port of the Service Connect alias, 1 to 65535. */
  readonly port: number;

  /**
   * The application protocol.
   *
   * @default PortProtocol.HTTP
   */
  readonly protocol?: PortProtocol;
}

/** A port of a service of another app. */
export interface ServicePortAttributes extends SharedPortOptions {
  /** The DNS name of the Service Connect alias, such as `users.platform`. */
  readonly dnsName: string;

  /** The security group of the tasks. The client's stack adds its own rule to it. */
  readonly securityGroup: ISecurityGroup;
}
