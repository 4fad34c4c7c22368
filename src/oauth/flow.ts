// An endpoint is a list of small named checks, run in order over one context; the first that throws ends it.
// The name of that check is the leg that the refusal row carries, so a check is always a named function.

export type Check<Context> = (context: Context) => void | Promise<void>;

export type FlowOutcome = { ok: true } | { ok: false; leg: string; error: unknown };

/** Runs the checks in order. Never throws: what a check threw comes back with the name of that check. */
export const runFlow = async <Context>(checks: readonly Check<Context>[], context: Context): Promise<FlowOutcome> => {
  for (const check of checks) {
    try {
      await check(context);
    } catch (error) {
      return { ok: false, leg: check.name, error };
    }
  }
  return { ok: true };
};

/** What an earlier check has put into the context. Missing means that the list of checks is in the wrong order, which is a bug. */
export const settled = <T>(value: T | undefined, name: string): T => {
  if (value === undefined) throw new Error(`The flow came to a check that needs "${name}" before any check has set it`);
  return value;
};
