// Messages between two processes against a bare loop that posts the same bytes: what ordering, durability and exactly-once cost.
// Also the time from commit here to applied there, and whether a long queue costs more than a short one.
import { depth } from '../exchange/depth.ts';
import { startEnd } from '../exchange/end.ts';
import { idle } from '../exchange/idle.ts';
import { throughput } from '../exchange/throughput.ts';
import type { Bench, EngineName, Part, Row } from '../part.ts';

async function* betweenTwo(bench: Bench, engine: EngineName): AsyncGenerator<Row> {
  const receiver = await startEnd(await bench.newPlace(engine), '');
  try {
    const sender = await startEnd(await bench.newPlace(engine), `http://127.0.0.1:${receiver.port}`);
    try {
      yield* throughput(bench, engine, sender);
      yield await idle(bench, engine, { sender, receiver });
      const { overtaken } = await receiver.ask<{ overtaken: number }>('/overtaken', {});
      yield {
        id: 'exchange_overtaken',
        title: 'messages overtaken within a record',
        engine,
        value: overtaken,
        floor: 0,
        target: 0,
        reach: 0,
        isLessBetter: true,
        detail: {},
      };
    } finally {
      await sender.stop();
    }
  } finally {
    await receiver.stop();
  }
}

export const exchange: Part = {
  name: 'exchange',
  about: 'messages between two processes against a bare loop that posts the same bytes',
  async *run(bench, engine) {
    yield* betweenTwo(bench, engine);
    yield* depth(bench, engine);
  },
};
