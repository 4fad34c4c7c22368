// One run serves all who ask for the same thing while it is under way.
// Must not keep the outcome: caches do that.

export interface SingleFlight<T> {
  run(key: string, work: () => Promise<T>): Promise<T>;
  underWay(key: string): Promise<T> | undefined;
  /** Resolves when everything under way has ended, well or not. */
  settled(): Promise<unknown>;
}

export const makeSingleFlight = <T>(): SingleFlight<T> => {
  const flights = new Map<string, Promise<T>>();
  return {
    run(key, work) {
      const running = flights.get(key);
      if (running) return running;
      const flight = work().finally(() => flights.delete(key));
      flights.set(key, flight);
      return flight;
    },
    underWay: (key) => flights.get(key),
    settled: () => Promise.allSettled(flights.values()),
  };
};
