import { fitting, renderTable, Row } from './table';
import { Board, folded, Terminal } from './terminal';

const TICK_MS = 250;
/** Lines of a terminal that the table leaves to what is said above it, and the head of the table. */
const OTHER_LINES = 4;

/** What a person sees while a run starts and lives: one table that changes in place, or a line for each change where that cannot be. */
export class LiveReport {
  private readonly started = Date.now();
  private readonly board: Board;
  private readonly states = new Map<string, string>();
  private timer?: NodeJS.Timeout;
  private source?: () => readonly Row[];

  constructor(private readonly terminal: Terminal) {
    this.board = new Board(terminal);
  }

  public follow(rows: () => readonly Row[]): void {
    this.source = rows;
    this.timer ??= setInterval(() => this.refresh(), TICK_MS).unref();
  }

  public say(line: string): void {
    for (const each of line.split('\n')) this.board.say(each);
  }

  /** A sentence for people, broken between words where the terminal is narrower. */
  public tell(sentence: string): void {
    this.say(this.terminal.isTTY ? folded(sentence, this.terminal.columns) : sentence);
  }

  public refresh(): void {
    const { rows } = this;
    if (this.terminal.isTTY) this.board.show(this.table(rows));
    else for (const line of this.changes(rows)) this.terminal.write(`${line}\n`);
  }

  /** The whole table where none changes in place. */
  public whole(): void {
    this.refresh();
    if (!this.terminal.isTTY) this.terminal.write(`\n${renderTable(this.rows)}\n\n`);
  }

  /** Leaves the table as it is now. */
  public end(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.refresh();
    this.board.release();
  }

  private get rows(): readonly Row[] {
    return this.source?.() ?? [];
  }

  private table(rows: readonly Row[]): string {
    if (rows.length === 0) return '';
    const { columns, rows: height = Infinity } = this.terminal;
    return `\n${renderTable(fitting(rows, Math.max(1, height - OTHER_LINES)), columns)}`;
  }

  private changes(all: readonly Row[]): string[] {
    const rows = all.filter(({ lives }) => lives);
    const seconds = ((Date.now() - this.started) / 1000).toFixed(1).padStart(6);
    const changed = rows.filter(({ component, state }) => this.states.get(component) !== state);
    const gone = [...this.states.keys()].filter((component) => rows.every((row) => row.component !== component));
    for (const component of gone) this.states.delete(component);
    for (const { component, state } of changed) this.states.set(component, state);
    return [
      ...gone.map((component) => `${seconds} s  ${component}: gone`),
      ...changed.map(({ component, state }) => `${seconds} s  ${component}: ${state}`),
    ];
  }
}
