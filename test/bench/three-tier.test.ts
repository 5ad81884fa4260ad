import { App } from 'aws-cdk-lib';
import { build as buildLibrary } from '../../bench/three-tier/library';
import { build as buildPlain } from '../../bench/three-tier/plain';

/** How many resources of each type the app has with `count` APIs. */
function types(build: (app: App, count: number) => void, count: number): Record<string, number> {
  const app = new App();
  build(app, count);
  const [{ template }] = app.synth().stacks as { template: { Resources: Record<string, { Type: string }> } }[];
  const counted: Record<string, number> = {};
  for (const { Type } of Object.values(template.Resources)) counted[Type] = (counted[Type] ?? 0) + 1;
  return counted;
}

test.each([1, 3])(
  'with %i APIs, plain L2 has the resources of the library, type by type: the bench compares like with like',
  (count) => {
    expect(types(buildPlain, count)).toEqual(types(buildLibrary, count));
  },
);
