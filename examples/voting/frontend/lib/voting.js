'use strict';

const REFRESH_MS = 5000;

/** The votes cannot be reached now; what was last known of them can be shown. */
class Unavailable extends Error {
  constructor(cause) {
    super('votes cannot be counted right now', { cause });
  }
}

/** The ballot, and what this task last saw of it. */
class Voting {
  constructor(ballot, { now = Date.now } = {}) {
    this.ballot = ballot;
    this.now = now;
  }

  get kind() {
    return this.ballot.kind;
  }

  async cast(voter, choice) {
    const tally = await this.ballot.cast(voter, choice).catch((error) => {
      throw new Unavailable(error);
    });
    return this.remember(tally);
  }

  /** Never rejects: without the store it is the last known tally, and `stale` says so; `tally` is undefined if none is known. */
  async look(voter, { fresh = false } = {}) {
    try {
      const [tally, choice] = await Promise.all([
        this.ballot.tally({ fresh }),
        voter === undefined ? undefined : this.ballot.choiceOf(voter, { fresh }),
      ]);
      return { ...this.remember(tally), choice, stale: false };
    } catch (error) {
      return { ...this.known, choice: undefined, stale: true, error };
    }
  }

  /** So that a task which nobody has asked yet knows a tally when the store goes away. */
  keepFresh() {
    const again = async () => {
      await this.look();
      this.timer = setTimeout(again, REFRESH_MS);
      this.timer.unref();
    };
    void again();
  }

  async close() {
    clearTimeout(this.timer);
    await this.ballot.close();
  }

  remember(tally) {
    this.known = { tally, asOf: this.now() };
    return this.known;
  }
}

module.exports = { Unavailable, Voting };
