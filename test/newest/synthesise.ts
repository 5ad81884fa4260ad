/**
 * Not a test of its own: `scripts/newest-cdk.mjs` runs it on two versions of the CDK, and compares what it writes to the file that the
 * environment variable SYNTHESIS names.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Compliance } from 'cdk-ecs-mesh';
import { loadExample } from '../example-apps';
import { SETTINGS, STRICT } from '../security/examples';
import { CHOICES } from '../security/matrix';
import { STANDARD_ONLY, VALUE_CLASSES } from '../security/value-classes';
import { COMBINATIONS, shop } from '../shop';
import { comparable } from '../templates';

const MODES = { standard: Compliance.standard(), strict: Compliance.strict() };

const synthesised: Record<string, string> = {};

function record(name: string, app: App): void {
  const templates = app
    .synth()
    .stacksRecursively.map(({ hierarchicalId, template }) => [hierarchicalId, withoutIdleParameters(comparable(template))]);
  expect(templates).not.toHaveLength(0);
  synthesised[name] = JSON.stringify(Object.fromEntries(templates), inOrder, 1);
}

/** Older versions write a parameter for each imported SSM parameter, newer ones for those whose value is asked for. */
function withoutIdleParameters(template: { readonly Parameters?: object }): object {
  const { Parameters = {}, ...rest } = template;
  const text = JSON.stringify(rest);
  const isUsed = (name: string) => text.includes(`"Ref":"${name}"`) || text.includes(`\${${name}}`);
  return { ...rest, Parameters: Object.fromEntries(Object.entries(Parameters).filter(([name]) => isUsed(name))) };
}

/** The order of keys says nothing, and differs between versions. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

describe.each(Object.entries({ standard: {}, strict: STRICT }))('in the %s mode', (mode, more) => {
  test.each(SETTINGS)('the %s example with %j', (name, settings) => {
    record(`${mode} ${name} ${JSON.stringify(settings)}`, loadExample(name, { ...settings, ...more }));
  });
});

describe.each(Object.entries(MODES))('in the %s mode', (mode, compliance) => {
  const choices = { ...CHOICES, ...VALUE_CLASSES, ...(mode === 'standard' ? STANDARD_ONLY : {}) };

  test.each(Object.keys(choices))('%s', (choice) => record(`${mode} ${choice}`, choices[choice](compliance)));

  test.each(COMBINATIONS)('a shop on %s with %s', (compute, store) => {
    record(`${mode} ${compute} with ${store}`, shop(compute, store, { inOneStack: true, compliance }));
  });
});

test.each(COMBINATIONS)('five stacks on %s with %s', (compute, store) => {
  record(`five stacks, ${compute} with ${store}`, shop(compute, store, { inOneStack: false }));
});

afterAll(() => {
  const file = process.env.SYNTHESIS;
  if (!file) throw new Error('SYNTHESIS must name the file to write');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(synthesised));
});
