import { Engine } from '../engine/engine';
import { TimeScale } from '../run/time-scale';
import { SecretValues } from '../secrets/secret-values';

/** What the tasks of one run share. */
export interface RunContext {
  readonly region: string;
  readonly account: string;
  readonly engine: Engine;
  readonly secrets: SecretValues;
  readonly overrides: Readonly<Record<string, string>>;
  readonly runDirectory: string;
  readonly logDirectory: string;
  /** Base address of the stub that stands in for AWS (secrets, task metadata). */
  readonly controlUrl: string;
  /** How long the waits of the template are here. */
  readonly time: TimeScale;
  /** Fit a container's environment to what this machine has. */
  adjust(env: Record<string, string>): Record<string, string>;
}
