import { readFileSync } from 'node:fs';

/** An answer that was given once, for the servers that give nothing else. */
export interface FixedAnswer {
  /** The route as our router has it. */
  readonly path: string;
  readonly status: number;
  /** All but those that the stack adds by itself. */
  readonly headers: Record<string, string>;
  readonly body: string;
}

export function readAnswer(env: NodeJS.ProcessEnv = process.env): FixedAnswer {
  return JSON.parse(readFileSync(env.ANSWER!, 'utf8')) as FixedAnswer;
}
