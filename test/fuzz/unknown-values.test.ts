import { Root } from './common';
import { PLANTED_ROOTS } from './planted-roots';
import { Plant, plantsOf } from './plants';
import { REPORT_ROOTS } from './report-roots';
import { ROOTS } from './roots';
import { Sample } from './values';
import { faultOfRefusal, flawOf, outcomeOf } from './verdict';

/** What CDK writes into a text for a value that it does not know. */
const GARBAGE = /[$#]\{token\[|e\+2\d\d\b/i;

/** The way out of a look-up that an error prevents; a list of one is refused for its length. */
const REMEDY = /third argument of `StringParameter\.valueFromLookup`|got 1; |for each of the 2 Availability Zones/;

const isLookedUp = ({ text }: Sample) => text.includes('<to be looked up>');

function faultOf({ wire, ...whole }: Root, one: Sample): string | undefined {
  const { refusal, warnings, template } = outcomeOf({ ...whole, build: wire ?? whole.build }, one.make);
  if (GARBAGE.test(JSON.stringify(warnings ?? []))) return `a warning about a token: ${JSON.stringify(warnings)}`;
  if (refusal === undefined) return flawOf(template, '');
  // An error ends the first pass of the CDK CLI, and nothing is ever looked up, unless it says the way out.
  if (isLookedUp(one) && !REMEDY.test(refusal)) return `ends the first pass without a remedy: ${refusal}`;
  if (isLookedUp(one)) return undefined;
  return faultOfRefusal(refusal) ?? (GARBAGE.test(refusal) ? `an error about a token: ${refusal}` : undefined);
}

const ALL: [string, Root][] = [ROOTS, PLANTED_ROOTS, REPORT_ROOTS].flatMap((roots) => Object.entries(roots));

test.each(ALL)(
  '%s: a value that only a deployment or a look-up knows is taken, or an error of ours says that it must be known',
  (key, root) => {
    const faults = plantsOf(root.props).flatMap(({ id, unknown }: Plant) =>
      unknown.map((one) => [`${key}: ${id} ${isLookedUp(one) ? 'looked up' : 'a parameter'}`, faultOf(root, one)]),
    );
    expect(faults.filter(([, fault]) => fault)).toEqual([]);
  },
  300_000,
);
