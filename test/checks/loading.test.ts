import { readFileSync, readdirSync } from 'fs';
import { join } from 'path';
import * as nag from 'cdk-nag';
import { NagPack } from 'cdk-nag/lib/nag-pack';
import { NagRuleCompliance } from 'cdk-nag/lib/nag-rules';

const SRC = join(__dirname, '..', '..', 'src');

// The index loads the rules of all packs, more than everything else that the library loads; see docs/decisions/0009-loading-cdk-nag.md.
test("no file of src loads cdk-nag's index", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const wrong = files.filter((name) => readFileSync(join(SRC, name), 'utf8').includes("from 'cdk-nag';"));
  expect(wrong).toEqual([]);
});

test('its files give the same classes as the index', () => {
  expect([NagPack, NagRuleCompliance]).toEqual([nag.NagPack, nag.NagRuleCompliance]);
  expect(NagPack).toBe(nag.NagPack);
});
