// What a token costs: one that is new each time against one that was seen, and one that works once against one that works often.
import { listPath, readPath, spread } from '../asks.ts';
import { type Contender, compare } from '../compare.ts';
import { writeRequest } from '../load/requests.ts';
import type { Bench, EngineName, Part, Row, Stage } from '../part.ts';

/** Where a machine answers more, the slice ends sooner; signing them takes the bench longer than using them. */
const perSecondAtMost = 4000;

const contender = (
  { server, incidents }: Stage,
  parts: { name: string; path: (n: number) => string; tokens: () => Promise<string[]>; isOnce: boolean },
): Contender => ({
  name: parts.name,
  server,
  async load() {
    const tokens = await parts.tokens();
    const paths = spread(parts.isOnce ? tokens.length : 2000, incidents, parts.path);
    const requests = paths.map((path, at) => writeRequest({ path, authorization: tokens[at % tokens.length] ?? '' }));
    return { requests, isOnce: parts.isOnce };
  },
});

const rowsOf = async (bench: Bench, engine: EngineName): Promise<Row[]> => {
  const stage = await bench.stage(engine);
  const pace = { ...bench.pace, rounds: Math.min(bench.pace.rounds, 5), sliceMs: Math.min(bench.pace.sliceMs, 800) };
  const count = Math.ceil((perSecondAtMost * pace.sliceMs) / 1000);
  const seen = (path: (n: number) => string) =>
    contender(stage, { name: 'seen', path, tokens: async () => [stage.as.seen], isOnce: false });
  const fresh = (path: (n: number) => string) =>
    contender(stage, { name: 'fresh', path, tokens: () => stage.as.fresh(count), isOnce: true });
  const once = contender(stage, { name: 'once', path: readPath, tokens: () => stage.as.singleUse(count), isOnce: true });

  bench.say(`tokens on ${engine}`);
  const list = await compare(bench.driver, [fresh(listPath), seen(listPath)], pace);
  const read = await compare(bench.driver, [fresh(readPath), seen(readPath)], pace);
  const single = await compare(bench.driver, [once, fresh(readPath)], pace);
  const row = (
    id: string,
    title: string,
    value: number,
    of: { perSecond: number; cpuMicros: number | undefined },
    marks: object,
  ) => ({ id, title, engine, value, ...marks, detail: { perSecond: of.perSecond, cpuMicros: of.cpuMicros } }) satisfies Row;
  return [
    row('new_token_list', 'new RS256 token each time / token seen: list', list.ratio('fresh', 'seen'), list.of('fresh'), {
      floor: 0.5,
      target: 0.65,
      reach: 0.73,
    }),
    row('new_token_read', 'new RS256 token each time / token seen: read', read.ratio('fresh', 'seen'), read.of('fresh'), {
      floor: 0.3,
      target: 0.4,
      reach: 0.45,
    }),
    row('single_use', 'single-use token, durable / RS256 without', single.ratio('once', 'fresh'), single.of('once'), {
      floor: 0.4,
      target: 0.65,
      reach: 0.8,
    }),
  ];
};

export const tokens: Part = {
  name: 'tokens',
  about: 'a token that is new each time, or works once only, against one that was seen',
  async *run(bench, engine) {
    yield* await rowsOf(bench, engine);
  },
};
