import { CfnTaskDefinition, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { validateAtSynth, warn } from '../../core/private/errors';
import { QUOTAS } from '../../core/private/quotas';

/** More variables than this have been seen to arrive as an empty list: https://github.com/aws/aws-cdk/issues/38225. */
const MOST_VARIABLES = 100;

interface Container {
  readonly name?: string;
  readonly environment?: unknown[];
}

/** Rejects a task definition that ECS refuses for its size, and warns of containers with very many variables. */
export function checkTaskDefinitionSize(taskDefinition: TaskDefinition): void {
  const { limit } = QUOTAS.taskDefinitionBytes;
  validateAtSynth(taskDefinition, 'TaskDefinitionSize', () => {
    const resource = taskDefinition.node.defaultChild as CfnTaskDefinition;
    const rendered: unknown = resource.stack.resolve(resource.containerDefinitions);
    if (Array.isArray(rendered)) (rendered as Container[]).forEach((container) => warnOfVariables(taskDefinition, container));
    const bytes = knownBytes(rendered);
    if (bytes <= limit) return [];
    return [
      {
        prop: 'containers',
        must: `make a task definition of at most ${limit} bytes`,
        got: `${bytes} bytes, without what only a deployment knows`,
        fix: 'move large values to Parameter Store, Secrets Manager or a file in a bucket, and read them there',
      },
    ];
  });
}

function warnOfVariables(taskDefinition: TaskDefinition, { name, environment = [] }: Container): void {
  if (environment.length <= MOST_VARIABLES) return;
  warn(
    taskDefinition,
    'VariableCount',
    `Container ${name} has ${environment.length} environment variables. More than ${MOST_VARIABLES} have been reported to arrive as an ` +
      'empty list (https://github.com/aws/aws-cdk/issues/38225). Connect fewer servers, or read settings from Parameter Store.',
  );
}

/** The bytes of keys and texts; of what only a deployment knows, those of its literal parts. */
function knownBytes(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'object') return Buffer.byteLength(String(value));
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + knownBytes(each), 0);
  return Object.entries(value).reduce((sum, [key, each]) => {
    if (key === 'Fn::Join') return sum + knownBytes((each as [string, unknown])[1]);
    return key === 'Ref' || key.startsWith('Fn::') ? sum : sum + Buffer.byteLength(key) + knownBytes(each);
  }, 0);
}
