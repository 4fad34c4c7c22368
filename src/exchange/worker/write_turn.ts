// A turn, written: in one transaction where all goes well. Must not lose an answer because another one cannot be settled.
import type { Store } from '../../store/store.ts';
import { type TurnAnswer, type TurnParts, type TurnRequest, takeTurn } from './turn.ts';

export interface WriteTurnParts extends TurnParts {
  store: Store;
}

type Complain = (what: string, error: unknown) => void;

// One delivery that cannot be settled (a listener that fails) must not hold up the others, nor be sent again for ever.
const settleOneByOne = async (
  parts: WriteTurnParts,
  request: TurnRequest,
  complain: Complain,
): Promise<TurnAnswer | undefined> => {
  const { deliveries, unsent } = request;
  const pieces: Pick<TurnRequest, 'deliveries' | 'unsent'>[] = deliveries.map((each) => ({ deliveries: [each], unsent: [] }));
  if (unsent.length > 0) pieces.push({ deliveries: [], unsent });
  let last: TurnAnswer | undefined;
  for (const piece of pieces) {
    const alone = { ...request, ...piece, freePosts: 0 };
    try {
      last = await parts.store.write((transaction) => takeTurn(transaction, parts, alone));
    } catch (error) {
      complain('an answer could not be told to its record', error);
      const deaf = { ...parts, settlers: new Map() };
      last = await parts.store
        .write((transaction) => takeTurn(transaction, deaf, alone))
        .catch((again) => complain('an answer was lost', again) ?? undefined);
    }
  }
  return last;
};

export const writeTurn = async (
  parts: WriteTurnParts,
  request: TurnRequest,
  complain: Complain,
): Promise<TurnAnswer | undefined> => {
  try {
    // What a loss of power takes back is sent again, and the peer knows it: there is nothing to wait for the disk for.
    return await parts.store.write((transaction) => takeTurn(transaction, parts, request), { isRelaxed: true });
  } catch (error) {
    complain('a turn failed', error);
    return settleOneByOne(parts, request, complain);
  }
};
