import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from 'aws-cdk-lib';
import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { Account, Answer } from './engine';

/** The account that the apps of the tests name; each deployment has one of its own. */
const NAMED = /111122223333/g;

export interface Failure {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}

export interface Outcome {
  /** The status of each stack; none of a stack that did not change. */
  readonly statuses: Record<string, string>;
  /** The resources that CloudFormation could not create, update or delete. */
  readonly failures: Failure[];
}

export interface Options {
  /** False for `--no-rollback`. */
  readonly rollback?: boolean;
  /** The stacks to deploy, with `--exclusively`; all by default. */
  readonly only?: string[];
}

/** What `cdk deploy` and `cdk destroy` ask of CloudFormation. */
export class Deployment {
  /** The stacks that exist, in the order of their creation. */
  private readonly stacks = new Map<string, string>();

  constructor(public readonly account: Account) {}

  public async deploy(app: App, options: Options = {}): Promise<Outcome> {
    const assembly = app.synth();
    const outcome: Outcome = { statuses: {}, failures: [] };
    for (const stack of inOrder(assembly)) {
      if (options.only && !options.only.includes(stack.stackName)) continue;
      await this.publish(assembly, stack);
      await this.deployStack(stack, options.rollback ?? true, outcome);
      if (/ROLLBACK|FAILED/.test(outcome.statuses[stack.stackName] ?? '')) break;
    }
    return outcome;
  }

  /** Deletes the stacks, the last one first. */
  public async destroy(...only: string[]): Promise<Outcome> {
    const outcome: Outcome = { statuses: {}, failures: [] };
    for (const [name, id] of [...this.stacks].reverse()) {
      if (only.length > 0 && !only.includes(name)) continue;
      const seen = await this.seen(id);
      await this.account.call('cloudformation', 'delete_stack', { StackName: id });
      await this.finish(name, id, seen, outcome);
      if (outcome.statuses[name] === 'DELETE_COMPLETE') this.stacks.delete(name);
    }
    return outcome;
  }

  /** The resources of a stack as DescribeStackResources lists them, by logical ID. */
  public async resources(stack: string): Promise<Map<string, { type: string; id: string; status: string }>> {
    const { StackResources } = await this.account.call('cloudformation', 'describe_stack_resources', { StackName: stack });
    return new Map(
      StackResources.map((one: Answer) => [
        one.LogicalResourceId,
        { type: one.ResourceType, id: one.PhysicalResourceId, status: one.ResourceStatus },
      ]),
    );
  }

  /** What `docs/deploying.md` does before a stack is deleted. */
  public async unprotect(): Promise<void> {
    for (const { type, id } of await this.account.existing()) {
      if (type === 'AWS::EC2::Instance') await this.account.unprotectHost(id);
      if (type === 'AWS::RDS::DBInstance') {
        await this.account.call('rds', 'modify_db_instance', { DBInstanceIdentifier: id, DeletionProtection: false });
      }
      if (type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') {
        const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'false' }];
        await this.account.call('elbv2', 'modify_load_balancer_attributes', { LoadBalancerArn: id, Attributes });
      }
    }
  }

  private async publish(assembly: CloudAssembly, stack: CloudFormationStackArtifact): Promise<void> {
    const { files } = JSON.parse(readFileSync(join(assembly.directory, `${stack.id}.assets.json`), 'utf8'));
    const folders = (Object.values(files) as Answer[]).filter(({ source }) => source.packaging === 'zip');
    for (const { source, destinations } of folders) {
      for (const { bucketName, objectKey } of Object.values(destinations) as Answer[]) {
        await this.account.upload(this.own(bucketName), objectKey, join(assembly.directory, source.path));
      }
    }
    await this.account.call('ssm', 'put_parameter', {
      Name: '/cdk-bootstrap/hnb659fds/version',
      Value: '30',
      Type: 'String',
      Overwrite: true,
    });
  }

  private async deployStack(stack: CloudFormationStackArtifact, rollback: boolean, outcome: Outcome): Promise<void> {
    const { stackName: StackName } = stack;
    const known = this.stacks.get(StackName);
    const TemplateURL = await this.account.template(StackName, JSON.stringify(stack.template).replace(NAMED, this.account.id));
    const input = { StackName, TemplateURL, Capabilities: ['CAPABILITY_NAMED_IAM'], DisableRollback: !rollback };
    const seen = known ? await this.seen(known) : 0;
    try {
      const { StackId } = await this.account.call('cloudformation', known ? 'update_stack' : 'create_stack', input);
      this.stacks.set(StackName, StackId);
    } catch (error) {
      if (!/No updates are to be performed/.test((error as Error).message)) throw error;
      return;
    }
    await this.finish(StackName, this.stacks.get(StackName)!, seen, outcome);
  }

  private async finish(name: string, id: string, seen: number, outcome: Outcome): Promise<void> {
    for (;;) {
      const { Stacks } = await this.account.call('cloudformation', 'describe_stacks', { StackName: id });
      outcome.statuses[name] = Stacks[0].StackStatus;
      if (!Stacks[0].StackStatus.endsWith('IN_PROGRESS')) break;
      await sleep(50);
    }
    const events = await this.events(id);
    for (const event of events.slice(0, events.length - seen)) {
      if (!event.ResourceStatus.endsWith('_FAILED') || event.LogicalResourceId === name) continue;
      outcome.failures.push({
        id: `${name}/${event.LogicalResourceId}`,
        type: event.ResourceType,
        status: event.ResourceStatus,
        reason: event.ResourceStatusReason ?? '',
      });
    }
  }

  private async seen(id: string): Promise<number> {
    return (await this.events(id)).length;
  }

  /** The newest first. */
  private async events(id: string): Promise<Answer[]> {
    return (await this.account.call('cloudformation', 'describe_stack_events', { StackName: id })).StackEvents;
  }

  private own(text: string): string {
    const { id, region } = this.account;
    return text
      .replace(NAMED, id)
      .replace(/\$\{AWS::AccountId\}/g, id)
      .replace(/\$\{AWS::Region\}/g, region);
  }
}

function inOrder({ stacks }: CloudAssembly): CloudFormationStackArtifact[] {
  const done: CloudFormationStackArtifact[] = [];
  const visit = (stack: CloudFormationStackArtifact) => {
    if (done.includes(stack)) return;
    for (const { id } of stack.dependencies) for (const one of stacks) if (one.id === id) visit(one);
    done.push(stack);
  };
  stacks.forEach(visit);
  return done;
}
