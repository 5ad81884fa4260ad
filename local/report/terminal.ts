/** Where lines for people go. */
export interface Terminal {
  /** Whether lines can be drawn again in place. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const CLEAR_BELOW = '\x1b[0J';

/** Lines that stay at the bottom of a terminal and change in place; what is said appears above them. */
export class Board {
  private lines: string[] = [];

  constructor(private readonly terminal: Terminal) {}

  public show(text: string): void {
    const lines = text === '' ? [] : text.split('\n');
    if (lines.join('\n') === this.lines.join('\n')) return;
    this.terminal.write(`${this.back()}${lines.map((line) => `${line}\n`).join('')}`);
    this.lines = lines;
  }

  public say(line: string): void {
    this.terminal.write(`${this.back()}${line}\n${this.lines.map((each) => `${each}\n`).join('')}`);
  }

  /** Leaves what is shown where it is. */
  public release(): void {
    this.lines = [];
  }

  private back(): string {
    return this.lines.length === 0 ? '' : `\x1b[${this.lines.length}A\r${CLEAR_BELOW}`;
  }
}

/** A sentence in lines of at most `width`, broken between words; those after the first are indented under it. */
export function folded(sentence: string, width = Infinity, indent = `${/^ */.exec(sentence)![0]}  `): string {
  if (sentence.length <= width) return sentence;
  const before = sentence.lastIndexOf(' ', width);
  // A word that is longer than the line stays whole.
  const at = before > indent.length ? before : sentence.indexOf(' ', width);
  if (at < 0) return sentence;
  return `${sentence.slice(0, at)}\n${folded(`${indent}${sentence.slice(at + 1)}`, width, indent)}`;
}
