import { Json, JsonObject } from './json';

export interface ResourceBody {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
}

export interface TemplateBody {
  readonly Resources?: Record<string, ResourceBody>;
  readonly Outputs?: Record<string, { Value: Json; Export?: { Name: Json }; Condition?: string }>;
  readonly Parameters?: Record<string, { Type: string; Default?: Json }>;
  readonly Conditions?: Record<string, Json>;
  readonly Mappings?: Record<string, Record<string, JsonObject>>;
  readonly Metadata?: JsonObject;
}

/** One stack of the cloud assembly. */
export interface StackTemplate {
  readonly name: string;
  /** In the assembly, and those of the stacks that are deployed before it. */
  readonly id?: string;
  readonly dependencies?: readonly string[];
  readonly account: string;
  readonly region: string;
  readonly body: TemplateBody;
}

/** One resource, with the stack it stands in: logical ids are unique only within a stack. */
export class Resource {
  public readonly key: string;

  constructor(
    public readonly stack: StackTemplate,
    public readonly logicalId: string,
    public readonly body: ResourceBody,
  ) {
    this.key = `${stack.name}/${logicalId}`;
  }

  public get type(): string {
    return this.body.Type;
  }

  /** Keys of the resources that must be complete before this one is created. */
  public get after(): string[] {
    return [this.body.DependsOn ?? []].flat().map((id) => `${this.stack.name}/${id}`);
  }

  public get properties(): JsonObject {
    return this.body.Properties ?? {};
  }
}
