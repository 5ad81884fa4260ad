import { Lazy } from 'aws-cdk-lib';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { isUnknown } from '../../core/private/unknown';

/**
 * The alarms of one service, which are collected and rendered once: a second call of CDK's own method discards the first.
 *
 * They are names, because an alarm on the service's own metrics refers to the service, which must not refer back.
 */
export class RollbackAlarms {
  private readonly names = new Set<string>();

  constructor(
    private readonly owner: IConstruct,
    /** Called when the first alarm is added. */
    private readonly onFirst: () => void,
  ) {}

  /** The names in a stable order. */
  public get all(): string[] {
    return [...this.names].sort();
  }

  public add(name: string): void {
    if (isUnknown(name) || !/^[^\s].{0,254}$/.test(name)) {
      throw validationError(this.owner, 'RollbackAlarmName', {
        prop: 'alarmName',
        must: 'be a name of 1 to 255 characters, as literal text: a reference to an alarm on this service would be a circular dependency',
        got: isUnknown(name) ? 'a token' : name,
        fix: "choose a name, and give it to the alarm's `alarmName` as well",
      });
    }
    const isFirst = this.names.size === 0;
    this.names.add(name);
    if (isFirst) this.onFirst();
  }

  /** Renders the alarms for an ECS service whose rollbacks ECS itself performs. */
  public renderTo(resource: CfnService): void {
    resource.addPropertyOverride('DeploymentConfiguration.Alarms', {
      AlarmNames: Lazy.list({ produce: () => this.all }),
      Enable: true,
      Rollback: true,
    });
  }
}
