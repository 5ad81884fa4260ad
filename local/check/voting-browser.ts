import { Answer, ask } from './http-client';
import { expect, Visitor } from './visitor';

export interface Tally {
  readonly a: number;
  readonly b: number;
  /** The task that answered. */
  readonly task: string;
}

/** One browser: it keeps its cookie, sends the page's form, and every request is on a connection of its own. */
export class VotingBrowser {
  private cookie?: string;

  constructor(private readonly visitor: Visitor) {}

  public page(path = '/'): Promise<Answer> {
    return this.request('GET', path);
  }

  /** Sends the form; returns the answer to it, without following. */
  public async vote(choice: 'a' | 'b'): Promise<Answer> {
    const answer = await this.request('POST', '/vote', `choice=${choice}`);
    this.cookie = answer.headers['set-cookie']?.[0].split(';')[0] ?? this.cookie;
    return answer;
  }

  /** What the browser shows after a vote. */
  public async voteAndFollow(choice: 'a' | 'b'): Promise<Answer> {
    const answer = await this.vote(choice);
    expect(answer.status === 303, `status ${answer.status}`);
    return this.page(String(answer.headers.location));
  }

  private request(method: string, path: string, body?: string): Promise<Answer> {
    const { external } = this.visitor;
    const listener = external.listeners.find(({ plan }) => plan.https) ?? external.listeners[0];
    return ask({
      ...{ method, body, address: listener.address, port: listener.port, ca: this.visitor.run.certificate?.cert },
      url: `${listener.plan.https ? 'https' : 'http'}://${this.visitor.nameOf(external)}${path}`,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
      },
    });
  }
}

export async function tallyOf(visitor: Visitor): Promise<Tally & { readonly stale: boolean }> {
  const answer = await new VotingBrowser(visitor).page('/api/tally');
  expect(answer.status === 200, `the tally answers ${answer.status}`);
  const { options, stale } = JSON.parse(answer.body) as { options: { id: string; votes: number }[]; stale: boolean };
  const votes = (id: string) => options.find((option) => option.id === id)?.votes ?? NaN;
  return { a: votes('a'), b: votes('b'), stale, task: String(answer.headers['x-task-id']) };
}

/** Until every task of the page has answered, or the patience ends. */
export async function tallyOfEachTask(visitor: Visitor): Promise<Map<string, Tally>> {
  const found = new Map<string, Tally>();
  const tasks = visitor.serviceBehind(visitor.external).running.length;
  for (let i = 0; i < 20 && found.size < tasks; i++) {
    const tally = await tallyOf(visitor);
    found.set(tally.task, tally);
  }
  expect(found.size === tasks, `${found.size} of ${tasks} tasks answered`);
  return found;
}
