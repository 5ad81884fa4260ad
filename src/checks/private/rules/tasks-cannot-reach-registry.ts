import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { hasRegistryEndpoint, knownSubnets, wayOut } from '../subnets';

export const tasksCannotReachRegistry: Rule = {
  id: 'TasksCannotReachRegistry',
  trap: 'T22',
  level: NagMessageLevel.ERROR,
  info: 'The subnets of the tasks have no route to an image registry.',
  explanation:
    'There is neither a NAT gateway nor an endpoint for ECR, or the only route is an internet gateway and tasks have no public address: no task starts. Use subnets with egress, add the endpoints for ECR, S3 and CloudWatch Logs, or set assignPublicIp in public subnets.',
  check: (resource) => {
    const network = EcsService.of(resource)?.resource.at('NetworkConfiguration', 'AwsvpcConfiguration');
    const subnets = network && knownSubnets(network.at('Subnets'));
    if (!network || !subnets || network.at('AssignPublicIp').isUnknown) return NagRuleCompliance.NOT_APPLICABLE;
    const hasAddress = network.at('AssignPublicIp').text === 'ENABLED';
    const isCutOff = subnets.some((subnet) => {
      const way = wayOut(subnet);
      return way === 'none' || (way === 'internet-gateway' && !hasAddress);
    });
    return verdict(isCutOff && !hasRegistryEndpoint(subnets));
  },
};
