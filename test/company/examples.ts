import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { loadExample } from '../example-apps';

/** The examples of a whole app, in the settings that create most kinds of resources. */
const EXAMPLES: [string, Record<string, string>][] = [
  ['geolocation', {}],
  ['care', {}],
  ['voting', {}],
  ['flask-nginx', { profile: 'production', nat: 'instance', rollout: 'blueGreen', github: 'shop/links' }],
  ['platform', { workers: 'managed' }],
];

/** A resource of a template, with the construct that renders it. */
export interface Rendered {
  readonly construct: IConstruct;
  readonly type: string;
  // Every type has other properties.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly properties: any;
}

/** All examples, each prepared as a company would before its first construct, and synthesised with their own checks. */
export function companyExamples(prepare: (app: App) => void): Rendered[] {
  return EXAMPLES.flatMap(([name, settings]) => rendered(loadExample(name, settings, prepare)));
}

export function rendered(app: App): Rendered[] {
  const assembly = app.synth();
  const resources = app.node.findAll().filter((each) => CfnResource.isCfnResource(each));
  return resources.map((construct) => {
    const stack = Stack.of(construct);
    const { Resources } = assembly.getStackArtifact(stack.artifactId).template as {
      Resources: Record<string, { Properties?: object }>;
    };
    const { Properties = {} } = Resources[stack.resolve(construct.logicalId) as string];
    return { construct, type: construct.cfnResourceType, properties: Properties };
  });
}

export const paths = (found: Rendered[]) => found.map(({ construct }) => construct.node.path);
