'use strict';

const { readFileSync } = require('node:fs');

const CREATE = `CREATE TABLE IF NOT EXISTS votes (
  voter text PRIMARY KEY,
  choice text NOT NULL CHECK (choice IN ('a', 'b')),
  cast_at timestamptz NOT NULL DEFAULT now()
)`;
const PUT = `INSERT INTO votes (voter, choice) VALUES ($1, $2)
  ON CONFLICT (voter) DO UPDATE SET choice = excluded.choice, cast_at = now()`;
const TALLY = 'SELECT choice, count(*)::int AS votes FROM votes GROUP BY choice';
const CHOICE = 'SELECT choice FROM votes WHERE voter = $1';

/** PostgreSQL's word for a wrong password. */
const AUTHENTICATION_FAILED = '28P01';
/** Two tasks that create the table at once: one of them is told that it, or its type, exists. */
const EXISTS = ['23505', '42P07'];

/** The table of votes: one row for each browser. */
class PostgresVotes {
  constructor(settings, { readPassword = readSecret, Pool = undefined } = {}) {
    this.settings = settings;
    this.password = settings.password;
    this.readPassword = readPassword;
    this.pool = this.createPool(Pool);
  }

  async put(voter, choice) {
    await this.query(PUT, [voter, choice]);
  }

  async tally() {
    const { rows } = await this.query(TALLY);
    const votes = (choice) => rows.find((row) => row.choice === choice)?.votes ?? 0;
    return { a: votes('a'), b: votes('b') };
  }

  async choiceOf(voter) {
    const { rows } = await this.query(CHOICE, [voter]);
    return rows[0]?.choice;
  }

  async close() {
    await this.pool.end();
  }

  async query(sql, values) {
    this.created ??= this.create();
    try {
      await this.created;
    } catch (error) {
      this.created = undefined; // the next visitor tries again
      throw error;
    }
    return this.run(sql, values);
  }

  async create() {
    await this.run(CREATE).catch((error) => {
      if (!EXISTS.includes(error.code)) throw error;
    });
  }

  /** The password is changed every 30 days; a task that started with the old one reads the new one where it is kept. */
  async run(sql, values) {
    try {
      return await this.pool.query(sql, values);
    } catch (error) {
      if (error.code !== AUTHENTICATION_FAILED || !this.settings.secretArn) throw error;
      this.password = await this.readPassword(this.settings.secretArn);
      return this.pool.query(sql, values);
    }
  }

  createPool(Pool = require('pg').Pool) {
    const { host, port, database, user, authorities } = this.settings;
    const pool = new Pool({
      ...{ host, port, database, user },
      password: () => this.password,
      ssl: { ca: readFileSync(authorities, 'utf8') },
      max: 5,
      connectionTimeoutMillis: 2000,
      query_timeout: 2000,
      idleTimeoutMillis: 30_000,
    });
    // An idle connection that breaks is replaced on the next query; without a listener it would end the process.
    pool.on('error', () => undefined);
    return pool;
  }
}

/** Loaded when it is needed, once in 30 days. */
async function readSecret(secretArn) {
  const { SecretsManager } = require('@aws-sdk/client-secrets-manager');
  const { SecretString } = await new SecretsManager({ maxAttempts: 2 }).getSecretValue({ SecretId: secretArn });
  return JSON.parse(SecretString).password;
}

module.exports = { PostgresVotes };
