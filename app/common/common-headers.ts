/**
 * The headers of every answer, and an answer's own among them, as the flat list (name, value, name, value, ...) that node:http
 * takes. Spreading both into one object took longer than routing, metrics and the lookup together.
 */
export class CommonHeaders {
  private readonly list: readonly string[];
  private readonly valueAt: ReadonlyMap<string, number>;

  constructor(headers: Record<string, string>) {
    this.list = Object.entries(headers).flat();
    this.valueAt = new Map(Object.keys(headers).map((name, index) => [name, 2 * index + 1]));
  }

  /** A header of the answer's own replaces the common one. */
  with(own: Record<string, string> = {}): string[] {
    const list = this.list.slice();
    for (const name of Object.keys(own)) {
      const at = this.valueAt.get(name);
      if (at === undefined) list.push(name, own[name]);
      else list[at] = own[name];
    }
    return list;
  }
}
