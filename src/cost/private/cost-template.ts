/** A resource as a template has it. */
export interface CostResource {
  readonly id: string;
  readonly path: string;
  readonly type: string;
  readonly properties: Properties;
}

export type Properties = Readonly<Record<string, unknown>>;

/** Follows a reference that leads out of a template. */
export type Outside = (reference: Properties) => CostResource | undefined;

/** What is read of a template: its resources, and which of them a value refers to. */
export class CostTemplate {
  public readonly resources: CostResource[];
  private readonly outputs: Properties[];

  public constructor(
    body: unknown,
    paths: Record<string, string> = {},
    private readonly outside: Outside = () => undefined,
  ) {
    this.outputs = Object.values(record(record(body).Outputs)).map(record);
    const found = record(record(body).Resources);
    this.resources = Object.entries(found).map(([id, raw]) => {
      const { Type, Properties: properties, Metadata } = record(raw);
      const path = record(Metadata)['aws:cdk:path'];
      return { id, type: String(Type), properties: record(properties), path: typeof path === 'string' ? path : (paths[id] ?? id) };
    });
  }

  public all(type: string): CostResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The resource that a reference names, in this template or in another one. */
  public follow(raw: unknown): CostResource | undefined {
    const reference = record(raw);
    const { Ref, 'Fn::GetAtt': attribute } = reference;
    const id = Ref ?? (Array.isArray(attribute) ? attribute[0] : undefined);
    return this.resources.find((resource) => resource.id === id) ?? this.outside(reference);
  }

  /** The resource that this template exports under a name. */
  public exported(name: unknown): CostResource | undefined {
    const wanted = JSON.stringify(name);
    const output = this.outputs.find(({ Export }) => JSON.stringify(record(Export).Name) === wanted);
    return output && this.follow(output.Value);
  }

  /** Resources of a type that mention this one anywhere in their properties. */
  public mentioning(type: string, { id }: CostResource): CostResource[] {
    const wanted = [`{"Ref":"${id}"}`, `{"Fn::GetAtt":["${id}",`];
    return this.all(type).filter(({ properties }) => {
      const text = JSON.stringify(properties);
      return wanted.some((part) => text.includes(part));
    });
  }
}

export function record(raw: unknown): Properties {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Properties) : {};
}

export function list(raw: unknown): unknown[] {
  return Array.isArray(raw) ? raw : [];
}

/** A number, also when CloudFormation has it as text; `otherwise` for what only the deployment knows. */
export function number(raw: unknown, otherwise: number): number {
  const value = typeof raw === 'string' && raw !== '' ? Number(raw) : raw;
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

export function isTrue(raw: unknown): boolean {
  return raw === true || raw === 'true';
}
