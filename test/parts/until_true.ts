// Waits for what another process or connection will bring about. For nothing that a clock could be turned for.

/** Rejects when it has not become true within the limit, 10 seconds unless told. */
export const untilTrue = async (isTrue: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> => {
  const lastAt = performance.now() + limitMs;
  while (!(await isTrue())) {
    if (performance.now() > lastAt) throw new Error(`it did not become true: ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
