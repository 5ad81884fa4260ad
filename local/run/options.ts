import { EngineChoice } from './choose-engine';

/** How a local run is asked for. */
export interface RunOptions {
  /** A directory with a manifest.json, as `cdk synth` writes it. */
  readonly assembly: string;
  /** Root of the repository: its .cache holds logs and fetched engines. */
  readonly root: string;
  /** The directory of the local run's own files (names.cjs, reaper.cjs). */
  readonly localDirectory: string;
  /** Environment variables that replace those of the template, in every container. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Values of secrets by name; for secrets that are only imported, or to set a known one. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Images that were pushed to repositories of the template, as repository and Dockerfile. */
  readonly images?: Readonly<Record<string, string>>;
  /** Values of stack parameters, in the place of their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** A file of certificates that builds of images trust, as they are needed behind a company's proxy. */
  readonly caBundle?: string;
  /** `process` if it is left out. */
  readonly engine?: EngineChoice;
  /** Seconds of AWS in one second here, for every wait of the template; 2 if it is left out. */
  readonly timeScale?: number;
  readonly say: (line: string) => void;
}
