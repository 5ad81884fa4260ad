import { Resource } from '../app-templates';
import { holdsData, namePropertyOf } from './behaviour';
import { Change, Refusal } from './change';

const CUSTOM_NAMES = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html';

/**
 * Finds names of new resources that belong to an old one: one that leaves its stack and is kept, such as a log group, or one that is deleted
 * only after the new one is created.
 */
export function keptNames(changes: readonly Change[]): Refusal[] {
  const holders = changes.filter(
    ({ type, outcome }) => holdsData(type) && namePropertyOf(type) !== undefined && (outcome === 'kept' || outcome === 'removed'),
  );
  return changes
    .filter(({ outcome }) => outcome === 'created')
    .flatMap((taker): Refusal[] => {
      const holder = holders.find((one) => one.type === taker.type && isTaken(one, taker));
      if (!holder) return [];
      const isSame = holder.before!.template.name === taker.after!.template.name;
      const fate = holder.outcome === 'kept' ? 'is kept' : 'is deleted later';
      const says = `its ${namePropertyOf(taker.type)} belongs to ${holder.path}, which ${fate}; give it another name, or import the old one into the stack`;
      // Another stack can have been deployed before, and can be in another Region.
      return [{ rule: 'name in use', id: taker.id, isCertain: isSame, source: CUSTOM_NAMES, says }];
    });
}

function isTaken({ before, outcome }: Change, { type, after }: Change): boolean {
  const [old, fresh] = [before!, after!];
  const property = namePropertyOf(type)!;
  if (old.template.name === fresh.template.name) {
    return nameOf(old, property) !== undefined && nameOf(old, property) === nameOf(fresh, property);
  }
  // A stack that is deployed before has deleted what it removes.
  const isGone = outcome === 'removed' && fresh.template.stacksBefore().has(old.template.path);
  return !isGone && old.at(property).text !== undefined && old.at(property).text === fresh.at(property).text;
}

function nameOf(resource: Resource, property: string): string | undefined {
  const name = resource.at(property);
  return name.isAbsent ? undefined : (name.text ?? name.pattern);
}
