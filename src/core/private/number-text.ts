import { Lazy, Token } from 'aws-cdk-lib';

/** Renders a number as text. A number token must be converted, because its encoded form would otherwise appear in the text. */
export function numberText(value: number): string {
  if (!Token.isUnresolved(value)) return `${value}`;
  return Lazy.uncachedString({
    produce: ({ resolve }) => {
      const resolved = resolve(value);
      return typeof resolved === 'number' ? `${resolved}` : resolved;
    },
  });
}
