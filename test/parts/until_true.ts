// Waits for what another process or connection will bring about. For nothing that a clock could be turned for.

/** Rejects when it has not become true within 10 seconds. */
export const untilTrue = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  const lastAt = performance.now() + 10_000;
  while (!(await isTrue())) {
    if (performance.now() > lastAt) throw new Error(`it did not become true: ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
