import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Resource } from '../../../template/private/app-templates';
import { Rule, verdict } from '../rule';

/** A public parameter of AWS whose name contains no release date resolves to the newest image. */
const DATED = /\d{8}/;

export const instanceFollowsLatestImage: Rule = {
  id: 'InstanceFollowsLatestImage',
  trap: 'T19',
  level: NagMessageLevel.WARN,
  info: 'A deployment after the release of a new image replaces the instance and its disk.',
  explanation:
    'Its image is a parameter that resolves to the latest image, and a new value replaces the instance. Pin the image, and store data on a separate volume with removalPolicy RETAIN.',
  check: (resource) => {
    // An instance that forwards packets, such as a NAT instance, keeps no data.
    const isRouter = resource.at('SourceDestCheck').isFalse;
    if (resource.type !== 'AWS::EC2::Instance' || isRouter) return NagRuleCompliance.NOT_APPLICABLE;
    const launchTemplate = resource.at('LaunchTemplate', 'LaunchTemplateId').resource;
    const image = imageParameter(resource, launchTemplate);
    if (image === undefined) return NagRuleCompliance.NOT_APPLICABLE;
    // A fixed version keeps the image that it was made with.
    const isFixed = launchTemplate !== undefined && resource.at('LaunchTemplate', 'Version').number !== undefined;
    return verdict(!isFixed && !DATED.test(image));
  },
};

function imageParameter(instance: Resource, launchTemplate?: Resource): string | undefined {
  const own = instance.at('ImageId');
  const image = own.isAbsent ? launchTemplate?.at('LaunchTemplateData', 'ImageId') : own;
  if (image?.text?.startsWith('{{resolve:ssm:')) return image.text;
  const parameter = image?.parameter;
  return parameter?.type.startsWith('AWS::SSM::Parameter::Value<AWS::EC2::Image') ? `${parameter.text ?? ''}` : undefined;
}
