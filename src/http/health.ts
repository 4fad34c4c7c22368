// For load balancers: is the process alive, can it serve. Asked by machines without credentials, so it says nothing else.
// It must not touch rows of the product.
import type { Clock } from '../kit/clock.ts';
import type { Answer } from './api.ts';

export interface Health {
  isAlive(): Answer;
  /** 503 while starting or stopping, and when the store does not answer within two seconds. */
  isReady(): Promise<Answer>;
}

const checkLimitMs = 2_000;

const say = (isGood: boolean, status: string): Answer => ({
  status: isGood ? 200 : 503,
  contentType: 'application/json',
  body: JSON.stringify({ status }),
});

/** `ping` rejects when the store does not answer. */
export const makeHealth = (parts: { clock: Clock; isServing: () => boolean; ping: () => Promise<unknown> }): Health => {
  const storeAnswers = async (): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const cancel = parts.clock.after(checkLimitMs, () => resolve(false));
    parts.ping().then(
      () => resolve(true),
      () => resolve(false),
    );
    const answered = await promise;
    cancel();
    return answered;
  };

  return {
    isAlive: () => say(true, 'alive'),
    async isReady() {
      const isReady = parts.isServing() && (await storeAnswers());
      return say(isReady, isReady ? 'ready' : 'not ready');
    },
  };
};
