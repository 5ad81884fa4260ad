import { CfnResource } from 'aws-cdk-lib';
import { JsonObject } from './json';
import { Section } from './known';

/** A resource from a construct tree or a written template. */
export interface ResourceSource {
  /** The logical ID. */
  readonly id: string;
  readonly type: string;
  /** The construct path. */
  readonly path: string;
  /** The construct, in a tree. */
  readonly construct?: CfnResource;
  /** Returns `Properties`, `DependsOn` and `Condition`; called once, when they are first read. */
  body(): JsonObject;
}

/** A template from a construct tree or a cloud assembly. */
export interface TemplateSource {
  /** The construct path of the stack. */
  readonly path: string;
  readonly stackName: string;
  /** The Region; undefined if the stack does not specify it. */
  readonly region?: string;
  /** The account; undefined if the stack does not specify it. */
  readonly account?: string;
  /** The construct path of the resource of a nested stack in its parent. */
  readonly nestedBy?: string;
  readonly resources: ResourceSource[];
  /** The macros of the whole template. */
  readonly transforms: string[];
  section(name: Section): JsonObject;
  /** Returns the construct paths of the stacks that the stack depends on directly. */
  after(): string[];
}
