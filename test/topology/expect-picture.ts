import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Compares a picture with the one in the repository; with UPDATE_PICTURES=1, writes it first. */
export function expectPicture(path: string, svg: string): void {
  const file = join(__dirname, '..', '..', path);
  if (process.env.UPDATE_PICTURES) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, svg);
  }
  expect(readFileSync(file, 'utf8')).toBe(svg);
}
