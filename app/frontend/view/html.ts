/** Markup that may go out as it is. Only `html` makes it. */
export class Html {
  constructor(public readonly text: string) {}
}

type Value = Html | string | number | undefined | false | readonly Value[];

/** Joins markup with values; every value that is not markup itself is escaped, so that forgetting is not possible. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(parts.reduce((all, part, index) => all + render(values[index - 1]) + part));
}

function render(value: Value): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return String(value).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
