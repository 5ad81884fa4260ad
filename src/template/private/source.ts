import { CfnResource } from 'aws-cdk-lib';
import { JsonObject } from './json';
import { Section } from './known';

/** A resource, as a construct tree or a written template gives it. */
export interface ResourceSource {
  /** Logical id. */
  readonly id: string;
  readonly type: string;
  /** Construct path. */
  readonly path: string;
  /** The construct, in a tree. */
  readonly construct?: CfnResource;
  /** With `Properties`, `DependsOn` and `Condition`; asked for once, when somebody reads it. */
  body(): JsonObject;
}

/** A template, as a construct tree or a cloud assembly gives it. */
export interface TemplateSource {
  /** Construct path of the stack. */
  readonly path: string;
  readonly stackName: string;
  /** Absent where the stack leaves it open. */
  readonly region?: string;
  /** Absent where the stack leaves it open. */
  readonly account?: string;
  /** Construct path of the resource that a nested stack is in its parent. */
  readonly nestedBy?: string;
  readonly resources: ResourceSource[];
  /** Macros of the whole template. */
  readonly transforms: string[];
  section(name: Section): JsonObject;
  /** Construct paths of the stacks that are deployed right before. */
  after(): string[];
}
