import * as fs from 'node:fs';
import * as path from 'node:path';
import { ImageSource, materialise } from '../ecs/image';
import { installPackages } from '../ecs/packages';
import { makeScratch } from '../process/scratch';

/** The files of images, outside of the repository, for containers that are processes. */
export class ImageFiles {
  private readonly roots = new Map<string, string>();
  private directory?: string;

  constructor(private readonly repository: string) {}

  /** The directory that holds the files of an image. */
  public rootOf(image: Extract<ImageSource, { kind: 'asset' }>): string {
    const known = this.roots.get(image.hash);
    if (known !== undefined) return known;
    this.directory ??= makeScratch('images');
    const root = path.join(this.directory, image.hash.slice(0, 12));
    materialise(image, root);
    installPackages(image, root, this.repository);
    this.roots.set(image.hash, root);
    return root;
  }

  public remove(): void {
    if (this.directory !== undefined) fs.rmSync(this.directory, { recursive: true, force: true });
  }
}
