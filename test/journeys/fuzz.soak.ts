// A hundred thousand made-up requests on each engine: no 500, no hang, no crash, no growth. CAUSEWAY_FUZZ_SEED throws the same dice again.
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { runFuzz } from './fuzz/run_fuzz.ts';

const seed = Number(process.env.CAUSEWAY_FUZZ_SEED ?? randomInt(1_000_000));
const requests = Number(process.env.CAUSEWAY_FUZZ_REQUESTS ?? 100_000);

forEachEngine((engine) => {
  test(`a hundred thousand made-up requests (seed ${seed})`, async (context) => {
    context.diagnostic(JSON.stringify(await runFuzz(engine, { seed, requests })));
  });
});
