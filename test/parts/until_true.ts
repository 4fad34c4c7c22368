// Waits for what another process or connection will bring about. For nothing that a clock could be turned for.

// Much longer than anything takes on a machine that has other things to do: a test that fails may be late, one that works must not fail.
const patienceMs = 60_000;
const [firstPauseMs, longestPauseMs] = [2, 100];

/** Rejects when it has not become true within the limit. Looks less often as time goes by: whoever looks takes time from who works. */
export const untilTrue = async (isTrue: () => boolean | Promise<boolean>, limitMs = patienceMs): Promise<void> => {
  const lastAt = performance.now() + limitMs;
  for (let pauseMs = firstPauseMs; !(await isTrue()); pauseMs = Math.min(longestPauseMs, pauseMs * 1.3)) {
    if (performance.now() > lastAt) throw new Error(`it did not become true: ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};
