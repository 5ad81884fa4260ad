import { AppTemplates } from './app-templates';
import { named } from './ecs-nodes';
import { Network, publicAddressOf } from './network';
import { NetworkNode } from './network-node';
import { ProofResource } from './proof-resource';
import { Groups } from './security-group';
import { isObject } from '../../template/private/json';

/** Instances, functions in the VPC, and the functions that AWS creates to rotate secrets. */
export class MachineParties {
  constructor(
    private readonly app: AppTemplates,
    private readonly groups: Groups,
    private readonly network: Network,
  ) {}

  public all(): NetworkNode[] {
    return [
      ...this.app.all('AWS::EC2::Instance').map((instance) => this.instance(instance)),
      ...this.app.all('AWS::Lambda::Function').flatMap((fn) => this.inNetwork(fn)),
      ...this.app.all('AWS::SecretsManager::RotationSchedule').flatMap((schedule) => this.rotation(schedule)),
    ];
  }

  private instance(instance: ProofResource): NetworkNode {
    const cards = instance.list('NetworkInterfaces').filter(isObject);
    const ids = [
      ...instance.list('SecurityGroupIds'),
      ...cards.flatMap(({ GroupSet }) => (Array.isArray(GroupSet) ? GroupSet : [])),
    ];
    return {
      ...named(instance, 'instance'),
      groups: ids.map((id) => this.groups.of(id, instance)),
      place: this.network.locateInstance(
        instance,
        [instance.at('SubnetId'), ...cards.map(({ SubnetId }) => SubnetId)],
        this.hasFixedAddress(instance) || publicAddressOf(cards),
      ),
      opens: true,
    };
  }

  private hasFixedAddress(instance: ProofResource): boolean {
    return this.app.all('AWS::EC2::EIP', 'AWS::EC2::EIPAssociation').some((address) => address.ref('InstanceId') === instance);
  }

  private inNetwork(fn: ProofResource): NetworkNode[] {
    const ids = fn.list('VpcConfig', 'SecurityGroupIds');
    if (ids.length === 0) return [];
    const groups = ids.map((id) => this.groups.of(id, fn));
    return [
      {
        ...named(fn, 'function'),
        groups,
        place: this.network.locate(fn, fn.at('VpcConfig', 'SubnetIds')),
        opens: true,
        listens: [],
      },
    ];
  }

  private rotation(schedule: ProofResource): NetworkNode[] {
    const hosted = schedule.at('HostedRotationLambda');
    if (!isObject(hosted) || hosted.VpcSecurityGroupIds === undefined) return [];
    // One string of ids with commas: a single reference, or a join of some.
    const found = schedule.followAll(hosted.VpcSecurityGroupIds).filter(({ type }) => type === 'AWS::EC2::SecurityGroup');
    const groups = found.map((group) => this.groups.known(group));
    return [
      {
        ...named(schedule, 'rotation'),
        groups,
        place: this.network.locate(schedule, hosted.VpcSubnetIds),
        opens: true,
        listens: [],
      },
    ];
  }
}
