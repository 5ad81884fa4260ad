import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { serviceOf } from './links-client';
import { Proof } from './proof';
import { expect } from './visitor';
import { pythonEnvironment } from '../python/environment';

/** The app's own tests, with the packages that its image has. */
export const FLASK_UNIT_TESTS: Proof = {
  name: "the Flask app's own tests pass, with the packages of its image",
  prove: async (visitor) => {
    const { root, say } = visitor.run.options;
    const { image } = serviceOf(visitor, 'flask-app').plan.task.containers[0];
    const bin = image.kind === 'asset' ? pythonEnvironment(image, path.join(root, '.cache'), say) : undefined;
    expect(bin !== undefined, 'the image installs no packages');
    const output = await unittest(path.join(bin, 'python'), path.join(root, 'examples', 'flask-nginx', 'flask'));
    const [, count] = /^Ran (\d+) tests/m.exec(output) ?? [];
    expect(Number(count) > 0 && /^OK$/m.test(output), output.slice(-400));
    return `${count} tests`;
  },
};

function unittest(python: string, cwd: string): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', PYTHONDONTWRITEBYTECODE: '1' };
  return new Promise((resolve) => {
    execFile(python, ['-m', 'unittest'], { cwd, env, timeout: 60_000 }, (_error, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
}
