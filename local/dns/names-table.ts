import * as fs from 'node:fs';

/** One answer for a name. `ports` maps a port that callers use to the one really bound, where they differ. */
export interface NameTarget {
  readonly address: string;
  readonly ports?: Readonly<Record<string, number>>;
}

/**
 * The private names of the run, in one JSON file that every launcher can read: the Node preload (names.cjs) does today; a Python
 * sitecustomize or a hosts file for nss_wrapper can be made of the same table.
 */
export class NamesTable {
  /** Called after each change. */
  public onChange?: () => void;
  private readonly names = new Map<string, NameTarget[]>();

  constructor(public readonly file: string) {
    this.write();
  }

  public set(name: string, targets: readonly NameTarget[]): void {
    this.names.set(normal(name), [...targets]);
    this.write();
  }

  public add(name: string, target: NameTarget): void {
    this.set(name, [...this.get(name), target]);
  }

  public get(name: string): NameTarget[] {
    return this.names.get(normal(name)) ?? [];
  }

  public entries(): [string, NameTarget[]][] {
    return [...this.names.entries()];
  }

  /** Replaced in one step: processes read it at any moment. */
  private write(): void {
    const draft = `${this.file}.new`;
    fs.writeFileSync(draft, JSON.stringify({ names: Object.fromEntries(this.names) }, undefined, 2));
    fs.renameSync(draft, this.file);
    this.onChange?.();
  }
}

function normal(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
