const NAME = 'cdk-ecs-mesh.stand-in';
const VERSION = 'cdk-ecs-mesh.stand-in.version';

/** Base images that were made on this machine in the place of the official ones, by the labels that images built on them inherit. */
export class StandIns {
  private readonly found = new Map<string, string>();

  public note(labels: Readonly<Record<string, string>> | null | undefined): void {
    const name = labels?.[NAME];
    if (name !== undefined) this.found.set(name, labels?.[VERSION] ?? 'unknown');
  }

  /** A sentence for each, which says where even the major version is another. */
  public get sentences(): string[] {
    return [...this.found].map(([name, version]) => {
      const wanted = /:(\d+)/.exec(name)?.[1];
      const other = wanted !== undefined && wanted !== version.split('.')[0] ? ', another major version' : '';
      return `the image ${name} (a stand-in with ${version}${other})`;
    });
  }
}
