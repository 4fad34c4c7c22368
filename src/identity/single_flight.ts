// One run serves all who ask for the same thing while it is under way.
// Must not keep the outcome: caches do that.

export type SingleFlight<T> = (key: string, work: () => Promise<T>) => Promise<T>;

export const makeSingleFlight = <T>(): SingleFlight<T> => {
  const flights = new Map<string, Promise<T>>();
  return (key, work) => {
    const running = flights.get(key);
    if (running) return running;
    const flight = work().finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };
};
