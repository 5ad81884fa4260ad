import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import { gunzipSync } from 'zlib';

type Replacement = 'yes' | 'maybe' | 'no';

interface Reference {
  readonly $ref: string;
}

interface PropertyType {
  readonly type: string;
  readonly reference?: Reference;
  readonly element?: PropertyType;
}

interface Property {
  readonly type: PropertyType;
  readonly causesReplacement?: Replacement;
}

interface Definition {
  readonly $id: string;
  readonly properties?: Record<string, Property>;
}

interface ResourceDefinition extends Definition {
  readonly cloudFormationType: string;
  readonly isStateful?: boolean;
}

interface Schema {
  readonly resources: Map<string, ResourceDefinition>;
  readonly types: Map<string, Definition>;
}

let schema: Schema | undefined;

/** CloudFormation's own description of its resources, as `cdk diff` reads it: a file of the CLI, which is pinned like everything else. */
function read(): Schema {
  if (schema) return schema;
  const file = gunzipSync(readFileSync(join(dirname(require.resolve('aws-cdk/package.json')), 'db.json.gz')));
  const { resource, typeDefinition } = JSON.parse(file.toString('utf8')).schema as {
    resource: { entities: ResourceDefinition[] };
    typeDefinition: { entities: Definition[] };
  };
  return (schema = {
    resources: new Map(resource.entities.map((one) => [one.cloudFormationType, one])),
    types: new Map(typeDefinition.entities.map((one) => [one.$id, one])),
  });
}

/** Whether a resource holds data, in CloudFormation's own judgement. */
export function isStateful(type: string): boolean {
  return read().resources.get(type)?.isStateful === true;
}

/** Properties whose change makes CloudFormation replace the resource, or with `maybe` those that can do so. */
export function replacing(type: string, withMaybe: boolean): string[] {
  const wanted: (Replacement | undefined)[] = withMaybe ? ['yes', 'maybe'] : ['yes'];
  const properties = Object.entries(read().resources.get(type)?.properties ?? {});
  return properties.filter(([, property]) => replaces(property, wanted)).map(([name]) => name);
}

/** A property replaces too if one somewhere in it does. */
function replaces(property: Property, wanted: (Replacement | undefined)[], seen: string[] = []): boolean {
  if (wanted.includes(property.causesReplacement)) return true;
  const id = (property.type.reference ?? property.type.element?.reference)?.$ref;
  if (id === undefined || seen.includes(id)) return false;
  const inner = Object.values(read().types.get(id)?.properties ?? {});
  return inner.some((one) => replaces(one, wanted, [...seen, id]));
}
