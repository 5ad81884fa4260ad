import { Duration, Token } from 'aws-cdk-lib';
import { HealthCheck } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { validationError, requireInteger } from '../../core/private/errors';
import { requireResolved } from '../../core/private/resolved';

/** The words of a shell that join commands, or lead their input and output. Without a shell, they are arguments. */
const OPERATORS = ['||', '&&', '|', ';', '>', '<', '>>', '2>&1'];

/** Rejects a health check that ECS would reject, or that could never succeed. */
export function requireHealthCheck(scope: IConstruct, prop: string, check: HealthCheck): void {
  const fault = faultOf(check.command);
  if (fault) {
    throw validationError(scope, 'ContainerHealthCheck', {
      prop: `${prop}.command`,
      must: fault,
      got: check.command,
      fix: 'write it like ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]',
    });
  }
  const seconds = (name: string, value: Duration | undefined, min: number, max: number) => {
    requireResolved(scope, `${prop}.${name}`, value);
    requireInteger(scope, 'ContainerHealthCheck', `${prop}.${name}`, value?.toSeconds({ integral: false }), min, max);
  };
  seconds('interval', check.interval, 5, 300);
  seconds('timeout', check.timeout, 2, 60);
  seconds('startPeriod', check.startPeriod, 0, 300);
  requireInteger(scope, 'ContainerHealthCheck', `${prop}.retries`, check.retries, 1, 10);
  requireTimeoutBelow(scope, prop, check.interval ?? Duration.seconds(30), check.timeout ?? Duration.seconds(5));
}

function requireTimeoutBelow(scope: IConstruct, prop: string, interval: Duration, timeout: Duration): void {
  if (timeout.toSeconds() < interval.toSeconds()) return;
  throw validationError(scope, 'ContainerHealthCheck', {
    prop: `${prop}.timeout`,
    must: `be below the interval of ${interval.toSeconds()} seconds`,
    got: `${timeout.toSeconds()} seconds`,
    fix: 'set both, with room between them',
  });
}

/** Returns the rule that the words of a command break. CDK takes a single word for the text of a shell. */
function faultOf(command: string[]): string | undefined {
  if (Token.isUnresolved(command)) return undefined;
  const [kind, ...words] = command;
  if (command.length === 0 || command.includes('')) return 'have words, none of them empty';
  if (kind === 'CMD-SHELL' && words.length > 1) {
    return 'have one text after CMD-SHELL, since the shell runs the first and ignores the others';
  }
  if (['CMD', 'CMD-SHELL'].includes(kind) && words.length === 0) return `have a command after ${kind}`;
  if (kind === 'NONE') return 'be a command: without `healthCheck`, ECS does not ask for the one of the image either';
  const operator = kind === 'CMD-SHELL' ? undefined : words.find((word) => OPERATORS.includes(word));
  return operator && `be run by a shell because of ${operator}, which would be an argument of ${kind === 'CMD' ? words[0] : kind}`;
}
