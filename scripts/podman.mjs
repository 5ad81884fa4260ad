/** Podman with a state of its own: nothing of this machine's Podman is touched, and nothing of a lane that was killed comes back. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Machines without CAP_SYS_RESOURCE and with two generations of control groups: what Podman's defaults need and they have not. */
const configuration = (folder) => `[containers]
base_hosts_file = "none"
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
exit_command_delay = 10
tmp_dir = "${join(folder, 'tmp')}"
[network]
network_config_dir = "${join(folder, 'networks')}"
`;

export class Podman {
  #service;
  #storage;
  #options;
  #ending = new AbortController();

  /**
   * @param folder everything but the images: it goes with the run
   * @param storage images, which stay; its database names the folder of the run that wrote it, so each run begins one
   * @param options of storage, as `--storage-opt` takes them
   */
  constructor(folder, storage, options = []) {
    this.#storage = storage;
    mkdirSync(join(folder, 'networks'), { recursive: true });
    mkdirSync(storage, { recursive: true });
    for (const name of ['libpod', 'volumes']) rmSync(join(storage, name), { recursive: true, force: true });
    const configured = join(folder, 'containers.conf');
    writeFileSync(configured, configuration(folder));
    // What watches over containers leaves a file where it was started when one runs out of memory.
    this.#options = { cwd: folder, env: { ...process.env, CONTAINERS_CONF: configured }, encoding: 'utf8', maxBuffer: 1 << 26 };
    this.socket = join(folder, 'podman.sock');
    this.places = ['--root', storage, '--runroot', join(folder, 'run'), ...options.flatMap((option) => ['--storage-opt', option])];
    this.#removeAll();
  }

  /** Runs Podman with words; resolves with what it wrote. */
  run(words, { allowFailure = false } = {}) {
    return new Promise((resolve, reject) => {
      const options = { ...this.#options, signal: this.#ending.signal };
      execFile('podman', [...this.places, ...words], options, (error, stdout, stderr) => {
        const status = error ? error.code : 0;
        if (typeof status !== 'number') return reject(error);
        if (status === 0 || allowFailure)
          return resolve({ status, output: `${stdout}${['run', 'pull'].includes(words[0]) ? stderr : ''}` });
        return reject(new Error(`podman ${words.join(' ')} ended with ${status}\n${stderr.split('\n').slice(-20).join('\n')}`));
      });
    });
  }

  /** Serves the API; returns what DOCKER_HOST is then. */
  async serve() {
    const words = [...this.places, 'system', 'service', '--time', '0', `unix://${this.socket}`];
    this.#service = spawn('podman', words, { ...this.#options, stdio: 'ignore' });
    for (let i = 0; i < 200 && !existsSync(this.socket); i++) await new Promise((resolve) => setTimeout(resolve, 100));
    if (!existsSync(this.socket)) throw new Error('the service of Podman does not start');
    chmodSync(this.socket, 0o600);
    return `unix://${this.socket}`;
  }

  /** Ends the service, and what it mounted: that would outlive the folder. */
  stop() {
    this.#ending.abort();
    this.#service?.kill();
    this.#removeAll();
    spawnSync('umount', ['--lazy', join(this.#storage, 'overlay')], { stdio: 'ignore' });
  }

  #removeAll() {
    this.#now('rm', '--all', '--force', '--time', '0');
    // Of a build that was broken off, or of a lane that was killed.
    for (const id of this.#now('ps', '--all', '--external', '--quiet').split('\n').filter(Boolean)) this.#now('rm', '--force', id);
  }

  /** At the end of a process, nothing is waited for. */
  #now(...words) {
    return spawnSync('podman', [...this.places, ...words], this.#options).stdout;
  }
}
