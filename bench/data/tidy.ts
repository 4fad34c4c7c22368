// What autovacuum does to tables that many rows were written to, without the wait for it: PostgreSQL by itself takes up to a minute.
// It must not be asked to help between two measurements of one comparison.
import pg from 'pg';

export const tidy = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
};
