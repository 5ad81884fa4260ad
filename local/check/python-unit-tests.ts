import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { serviceOf } from './links-client';
import { Proof } from './proof';
import { expect } from './visitor';
import { pythonEnvironment } from '../python/environment';

/** The tests of an app in Python, with the packages that the image of its container has. */
export function pythonUnitTests(
  app: string,
  options: { container: string; folder: string; command?: readonly string[]; env?: Readonly<Record<string, string>> },
): Proof {
  return {
    name: `${app}'s own tests pass, with the packages of its image`,
    prove: async (visitor) => {
      const { root, say } = visitor.run.options;
      const container = serviceOf(visitor, options.container).plan.task.containers.find(({ name }) => name === options.container);
      const image = container?.image;
      const bin = image?.kind === 'asset' ? pythonEnvironment(image, path.join(root, '.cache'), say) : undefined;
      expect(bin !== undefined, 'the image installs no packages');
      const output = await run(path.join(bin, 'python'), options.command ?? ['-m', 'unittest'], {
        cwd: path.join(root, options.folder),
        env: { PATH: process.env.PATH ?? '', PYTHONDONTWRITEBYTECODE: '1', ...options.env },
      });
      const [, count] = /^Ran (\d+) tests/m.exec(output) ?? [];
      expect(Number(count) > 0 && /^OK$/m.test(output), output.slice(-400));
      return `${count} tests`;
    },
  };
}

function run(python: string, args: readonly string[], options: { cwd: string; env: Record<string, string> }): Promise<string> {
  return new Promise((resolve) => {
    execFile(python, args, { ...options, timeout: 60_000 }, (_error, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
}
