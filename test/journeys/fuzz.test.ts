// Made-up requests on each engine; many more are in fuzz.soak.ts. The seed is new each time and is printed; CAUSEWAY_FUZZ_SEED throws the same dice again.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { runFuzz } from './fuzz/run_fuzz.ts';

const seed = Number(process.env.CAUSEWAY_FUZZ_SEED ?? randomInt(1_000_000));
const requests = Number(process.env.CAUSEWAY_FUZZ_REQUESTS ?? 600);

forEachEngine((engine) => {
  test(`whatever is sent is answered, and never with a 500 (seed ${seed})`, async (context) => {
    const report = await runFuzz(engine, { seed, requests });
    context.diagnostic(JSON.stringify(report));
    // Dice that only make refusals would prove nothing. Three in a hundred make a record; which, is up to them.
    assert.ok((report.statuses['200'] ?? 0) > requests / 10 && (report.statuses['201'] ?? 0) > requests / 200);
  });
});
