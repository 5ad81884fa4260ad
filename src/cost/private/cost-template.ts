/** A resource as a template has it. */
export interface CostResource {
  readonly id: string;
  readonly path: string;
  readonly type: string;
  readonly properties: Properties;
}

export type Properties = Readonly<Record<string, unknown>>;

/** What is read of a template: its resources, and which of them a value refers to. */
export class CostTemplate {
  public readonly resources: CostResource[];

  public constructor(body: unknown, paths: Record<string, string> = {}) {
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

  /** The resource of this template that a reference names. */
  public follow(raw: unknown): CostResource | undefined {
    const { Ref, 'Fn::GetAtt': attribute } = record(raw);
    const id = Ref ?? (Array.isArray(attribute) ? attribute[0] : undefined);
    return this.resources.find((resource) => resource.id === id);
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
