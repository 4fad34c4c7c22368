// Sends again what is in Error, portion by portion, as long as it works: the server watches each portion and says whether to go on.
import type { Requeued } from '../../exchange/reprocess/reprocess.ts';

export const reprocessAll = async (
  once: () => Promise<Requeued>,
  progress: (done: number, remaining: number) => void,
): Promise<Requeued> => {
  let requeued = 0;
  for (;;) {
    const said = await once();
    requeued += said.requeued;
    if (!said.mayContinue) return { ...said, requeued };
    progress(requeued, said.remaining);
  }
};
