import { Lazy, Token } from 'aws-cdk-lib';

/** A number as text. A token of a number would leave its code in the text, and resolve to a number where AWS wants a text. */
export function numberText(value: number): string {
  if (!Token.isUnresolved(value)) return `${value}`;
  return Lazy.uncachedString({
    produce: ({ resolve }) => {
      const resolved = resolve(value);
      return typeof resolved === 'number' ? `${resolved}` : resolved;
    },
  });
}
