// Something made from rows and kept until the store says that those rows changed, in this process or in another.
import type { Store } from '../store/store.ts';

export interface TopicCache<T> {
  /** As of now: what is kept while it is fresh, else made anew; callers who wait share one making. */
  current(): Promise<T> | T;
  /** What was made last; loud when nothing was yet. */
  last(): T;
}

export const makeTopicCache = <T>({
  store,
  topics,
  make,
}: {
  store: Pick<Store, 'topic'>;
  topics: readonly string[];
  make: (stamp: number) => Promise<T>;
}): TopicCache<T> => {
  let kept: { stamp: number; value: T } | undefined;
  let making: { stamp: number; promise: Promise<T> } | undefined;
  // Counters only grow, so their sum changes whenever one of them does.
  const stampNow = (): number => topics.reduce((sum, topic) => sum + store.topic(topic), 0);

  const start = (stamp: number): Promise<T> => {
    const promise = make(stamp).then((value) => {
      // A slow making must not replace a newer one.
      if (!kept || kept.stamp <= stamp) kept = { stamp, value };
      return value;
    });
    making = { stamp, promise };
    const forget = (): void => {
      if (making?.promise === promise) making = undefined;
    };
    promise.then(forget, forget);
    return promise;
  };

  return {
    current() {
      const stamp = stampNow();
      if (kept?.stamp === stamp) return kept.value;
      return making?.stamp === stamp ? making.promise : start(stamp);
    },
    last() {
      if (!kept) throw new Error(`nothing was made yet of ${topics.join(', ')}`);
      return kept.value;
    },
  };
};
