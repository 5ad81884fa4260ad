/**
 * Words that PostgreSQL reserves and RDS rejects as a database name, and databases that exist on every instance.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
 * @see https://www.postgresql.org/docs/17/sql-keywords-appendix.html
 */
const RESERVED = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently ' +
    'constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default ' +
    'deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner ' +
    'intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or ' +
    'order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table ' +
    'tablesample then to trailing true union unique user using variadic verbose when where window with ' +
    'postgres rdsadmin template0 template1'
  ).split(' '),
);

export function isReservedName(name: string): boolean {
  return RESERVED.has(name.toLowerCase());
}
