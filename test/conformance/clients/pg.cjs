// The recipe of docs/clients.md, run with the variables that a container gets. Prints one JSON line.

// recipe: pg
const { readFileSync } = require('node:fs');
const { Client } = require('pg');

const env = process.env;
const database = new Client({
  host: env.DATABASE_HOST,
  port: Number(env.DATABASE_PORT),
  database: env.DATABASE_NAME,
  user: env.DATABASE_USERNAME,
  password: env.DATABASE_PASSWORD,
  ssl: { ca: readFileSync(env.PGSSLROOTCERT, 'utf8') }, // verifies the certificate and the name
});
// recipe end

async function run() {
  await database.connect();
  const { rows } = await database.query('SELECT 1 AS one');
  return rows[0].one;
}

run()
  .catch(({ message }) => ({ error: message }))
  .then((answer) => {
    console.log(JSON.stringify(answer));
    process.exit(0);
  });
