import { type App, Stack } from 'aws-cdk-lib';
import { Compliance } from 'cdk-ecs-mesh';
import { SETTINGS } from './examples';
import { CHOICES } from './matrix';
import { STANDARD_ONLY, VALUE_CLASSES } from './value-classes';
import { loadExample } from '../example-apps';

const STRICT = { compliance: 'strict', zoneName: 'strict.example', zoneId: 'Z00000000000000DEMO' };
const MACRO = /"Transform":|"Fn::Transform":|"HostedRotationLambda":|"AWS::Serverless::/;

/** What only a macro could turn into resources, by stack. */
function macrosOf(app: App): string[] {
  return app.synth().stacksRecursively.flatMap(({ stackName, template }) => {
    const found = JSON.stringify(template).match(MACRO);
    return found ? [`${stackName}: ${found[0]}`] : [];
  });
}

describe('DT-11: no macro in a template', () => {
  test.each(SETTINGS)('of the %s example with %j, standard or strict', (name, settings) => {
    for (const more of [settings, { ...settings, ...STRICT }]) expect(macrosOf(loadExample(name, more))).toEqual([]);
  });

  // In strict mode EcsMesh-MacroInTemplate looks for it: packs.test.ts.
  test.each(Object.entries({ ...CHOICES, ...VALUE_CLASSES, ...STANDARD_ONLY }))('of %s', (_, make) => {
    expect(macrosOf(make(Compliance.standard()))).toEqual([]);
  });

  test('one would be seen', () => {
    const app = VALUE_CLASSES['office hours'](Compliance.standard());
    (app.node.findChild('Shop') as Stack).addTransform('Own');
    expect(macrosOf(app)).toEqual(['Shop: "Transform":']);
  });
});
