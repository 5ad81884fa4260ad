export type LogFields = Record<string, string | number | boolean | undefined>;

/**
 * One JSON object a line. Only starts, stops and errors are logged: a line per request costs more than serving it, and would put
 * visitors' addresses on disk.
 */
export class Log {
  constructor(
    private readonly context: LogFields,
    private readonly write: (line: string) => void = (line) => void process.stdout.write(line),
  ) {}

  info(message: string, fields: LogFields = {}): void {
    this.line('info', message, fields);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.line('warn', message, fields);
  }

  error(message: string, fields: LogFields = {}): void {
    this.line('error', message, fields);
  }

  private line(level: string, message: string, fields: LogFields): void {
    this.write(`${JSON.stringify({ time: new Date().toISOString(), level, ...this.context, message, ...fields })}\n`);
  }
}
