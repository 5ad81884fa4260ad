import { Names, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../../core/private/acknowledge';

export interface RedisHostProps {
  readonly instanceType: ec2.InstanceType;
  readonly subnet: ec2.ISubnet;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly role: iam.IRole;
  readonly userData: string;
  readonly terminationProtection: boolean;
}

/**
 * One EC2 instance that a deployment never replaces by itself.
 *
 * Everything whose change would replace a running instance (image, root disk, metadata options) is in a launch template, of which the
 * instance always uses version 1: a newer AMI, or an edit, creates a version 2 that no running host uses. Properties of the instance itself
 * change in place, at most with a restart. Each generation has a launch template of its own, so its version 1 dates from its creation.
 */
export class RedisHost extends Construct {
  /**
   * Returns the construct ID of the host of a generation. A host cannot change its CPU architecture in place, so that is part of the ID.
   */
  public static idOf(generation: number, type: ec2.InstanceType): string {
    return `Host${generation}${type.architecture === ec2.InstanceArchitecture.ARM_64 ? 'Arm' : ''}`;
  }

  public readonly instance: ec2.CfnInstance;

  constructor(scope: Construct, id: string, props: RedisHostProps) {
    super(scope, id);
    const template = this.createTemplate(props.instanceType);
    this.instance = new ec2.CfnInstance(this, 'Resource', {
      launchTemplate: { launchTemplateId: template.ref, version: '1' },
      instanceType: props.instanceType.toString(),
      subnetId: props.subnet.subnetId,
      securityGroupIds: [props.securityGroup.securityGroupId],
      iamInstanceProfile: new iam.InstanceProfile(this, 'Profile', { role: props.role }).instanceProfileName,
      userData: props.userData,
      monitoring: true,
      ebsOptimized: true,
      disableApiTermination: props.terminationProtection,
      propagateTagsToVolumeOnCreation: true,
    });
    if (!props.terminationProtection) {
      acknowledge(
        this.instance,
        'AwsSolutions-EC29',
        'Development mode is specified with the `removalPolicy` of the mesh: deleting the stack must delete the resource.',
      );
    }
    Tags.of(this.instance).add('Name', Names.uniqueResourceName(scope, { separator: '-', maxLength: 128 }));
    // The first boot needs the way out (packages, image, secret) and the rights of the role.
    this.instance.node.addDependency(props.subnet.internetConnectivityEstablished, props.role);
  }

  private createTemplate(type: ec2.InstanceType): ec2.CfnLaunchTemplate {
    const cpuType =
      type.architecture === ec2.InstanceArchitecture.ARM_64 ? ec2.AmazonLinuxCpuType.ARM_64 : ec2.AmazonLinuxCpuType.X86_64;
    const parameter = ec2.AmazonLinux2023ImageSsmParameter.ssmParameterName({ cpuType });
    return new ec2.CfnLaunchTemplate(this, 'Template', {
      launchTemplateData: {
        imageId: ec2.MachineImage.fromSsmParameter(parameter).getImage(this).imageId,
        blockDeviceMappings: [
          { deviceName: '/dev/xvda', ebs: { volumeType: 'gp3', volumeSize: 10, encrypted: true, deleteOnTermination: true } },
        ],
        // One hop: the server shares the host's network, so nothing needs a second one.
        metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
        maintenanceOptions: { autoRecovery: 'default' },
      },
    });
  }
}
