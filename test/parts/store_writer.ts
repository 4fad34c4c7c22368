// A process that writes rows until it is killed, and says each one that was acknowledged. For tests of durability.
// Arguments: location, prefix of the ids. On standard output: one acknowledged id a line.
import { writeSync } from 'node:fs';
import { insertThing, openTestStore, thingTable } from '../contracts/store.ts';

const [location = '', prefix = ''] = process.argv.slice(2);
const store = await openTestStore(location);
await store.write((transaction) => transaction.define([thingTable]));

/** At once, not through a stream: what was said must have left the process before it is killed. */
const say = (line: string): void => {
  for (;;) {
    try {
      return void writeSync(1, line);
    } catch (error) {
      // Nobody has read for a while.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
};

const writeForEver = async (lane: number): Promise<never> => {
  for (let count = 0; ; count += 1) {
    const id = `${prefix}-${lane}-${count}`;
    await store.write(async (transaction) => {
      await insertThing(transaction, { id });
      await insertThing(transaction, { id: `${id}-twin` });
      await transaction.bump('written');
    });
    say(`${id}\n`);
  }
};

await Promise.all(Array.from({ length: 8 }, (_, lane) => writeForEver(lane)));
