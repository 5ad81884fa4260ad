import { PassThrough } from 'node:stream';
import Docker from 'dockerode';
import { gone, isEnding } from './cleaner';
import { ContainerRuntime } from '../engine/engine';

const KILLED = 137;
/** A container whose output has ended is told of as running for a moment; one that closed its output itself runs on. */
const [LOOKS, LOOK_MS] = [10, 20];
const OUT_OF_MEMORY = 'OutOfMemoryError: container killed due to memory usage';
/** Where control groups are of two generations, Podman is not told of it. */
const LIKELY_OUT_OF_MEMORY =
  '137: killed from outside of the run, most likely an OutOfMemoryError (container killed due to memory usage)';
/** The engine's own stop waits this much longer than it was told to. */
const SLACK_SECONDS = 1;

/** A container that runs in Docker or Podman. */
export class RunningContainer implements ContainerRuntime {
  public ended = false;
  private told = false;
  public readonly exited: Promise<number | string>;

  constructor(
    private readonly container: Docker.Container,
    public readonly id: string,
    public readonly pid: number | undefined,
    silence: Promise<void>,
  ) {
    this.exited = this.end(silence);
  }

  public async signal(signal: NodeJS.Signals): Promise<void> {
    this.told = true;
    await gone(this.container.kill({ signal })).catch(() => undefined);
  }

  public async stop(graceMs: number): Promise<void> {
    if (this.ended) return;
    this.told = true;
    const t = Math.max(SLACK_SECONDS, Math.round(graceMs / 1000));
    await gone(this.container.stop({ t })).catch((error: unknown) => {
      if (!isEnding(error)) throw error;
    });
    await this.exited;
  }

  /** By exec, as the agent of ECS runs a health check. What does not end in time is not waited for: an engine has no way to end it. */
  public async run(command: readonly string[], timeoutMs: number): Promise<number> {
    try {
      const exec = await this.container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
      const stream = await exec.start({});
      const output = new PassThrough();
      this.container.modem.demuxStream(stream, output, output);
      output.resume();
      const late = await endOf(stream, timeoutMs);
      if (late) return KILLED;
      return (await exec.inspect()).ExitCode ?? KILLED;
    } catch {
      return KILLED; // the container is gone
    }
  }

  /** Its output ends with it. Only what goes on in silence is waited for: Podman looks into its database four times a second then. */
  private async end(silence: Promise<void>): Promise<number | string> {
    await silence;
    let state = await this.state();
    for (let looks = 0; looks < LOOKS && runs(state); looks++) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      state = await this.state();
    }
    if (runs(state)) {
      await this.container.wait().catch(() => undefined);
      state = await this.state();
    }
    this.ended = true;
    if (state?.OOMKilled) return OUT_OF_MEMORY;
    const code = state?.ExitCode ?? KILLED;
    return code === KILLED && state && !this.told ? LIKELY_OUT_OF_MEMORY : code;
  }

  /** Undefined for a container that is removed already. */
  private async state() {
    try {
      return (await this.container.inspect()).State;
    } catch {
      return undefined;
    }
  }
}

/** Podman says of a container that is being stopped that it does not run, before it knows how it ended. */
function runs(state: Docker.ContainerInspectInfo['State'] | undefined): boolean {
  return state !== undefined && (state.Running || Date.parse(state.FinishedAt) < Date.parse(state.StartedAt));
}

function endOf(stream: NodeJS.ReadWriteStream & { destroy?: () => void }, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(true);
      stream.destroy?.();
    }, timeoutMs);
    for (const event of ['end', 'close', 'error']) {
      stream.once(event, () => {
        clearTimeout(timer);
        resolve(false);
      });
    }
  });
}
