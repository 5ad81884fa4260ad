import { Resource } from '../assembly/stack-template';
import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';

export interface CorsRule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
}

export interface BucketPlan {
  readonly resource: Resource;
  readonly name: string;
  readonly versioned: boolean;
  readonly cors: readonly CorsRule[];
}

export interface QueuePlan {
  readonly resource: Resource;
  /** What containers find in the template's place for the URL. */
  readonly url: string;
  readonly name: string;
  /** Attributes as `CreateQueue` takes them. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ParameterPlan {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly allowedPattern?: string;
}

/** What the AWS server of a run must have before the first task starts. */
export interface AwsPlan {
  readonly buckets: readonly BucketPlan[];
  readonly queues: readonly QueuePlan[];
  readonly parameters: readonly ParameterPlan[];
}

/** Properties of a queue that are attributes of the same name in the API. */
const ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
];

/** Reads queues, parameters, and those buckets that a task definition names: a bucket for access logs needs no server. */
export function readAws(resolver: Resolver): AwsPlan {
  const definitions = JSON.stringify(resolver.resources('AWS::ECS::TaskDefinition').map(({ properties }) => properties));
  const named = ({ logicalId }: Resource) => definitions.includes(JSON.stringify(logicalId));
  return {
    buckets: resolver
      .resources('AWS::S3::Bucket')
      .filter(named)
      .map((resource) => {
        const props = resolver.read(resource);
        return {
          resource,
          name: returned(resolver, resource),
          versioned: props.get('VersioningConfiguration').get('Status').string('') === 'Enabled',
          cors: props.get('CorsConfiguration').get('CorsRules').items().map(readCors),
        };
      }),
    queues: resolver.resources('AWS::SQS::Queue').map((resource) => readQueue(resolver, resource)),
    parameters: resolver.resources('AWS::SSM::Parameter').map((resource) => {
      const props = resolver.read(resource);
      return {
        name: returned(resolver, resource),
        value: props.get('Value').string(),
        type: props.get('Type').string('String'),
        allowedPattern: props.get('AllowedPattern').optional(),
      };
    }),
  };
}

function readCors(rule: Reader): CorsRule {
  const texts = (name: string) =>
    rule
      .get(name)
      .items()
      .map((item) => item.string());
  return { origins: texts('AllowedOrigins'), methods: texts('AllowedMethods'), headers: texts('AllowedHeaders') };
}

function readQueue(resolver: Resolver, resource: Resource): QueuePlan {
  const props = resolver.read(resource);
  const url = returned(resolver, resource);
  const attributes = Object.fromEntries(ATTRIBUTES.flatMap((name) => pair(name, props.get(name))));
  const redrive = props.get('RedrivePolicy');
  if (redrive.exists) {
    attributes.RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: redrive.get('deadLetterTargetArn').string(),
      maxReceiveCount: redrive.get('maxReceiveCount').number(),
    });
  }
  return { resource, url, name: url.split('/').at(-1)!, attributes };
}

function pair(name: string, value: Reader): [string, string][] {
  return value.exists ? [[name, value.string()]] : [];
}

function returned(resolver: Resolver, { stack, logicalId, key }: Resource): string {
  return resolver.evaluate(stack, { Ref: logicalId }, key) as string;
}
