// What work costs, told from how long it takes: that others use the machine meanwhile changes only the latter.

/** Milliseconds of processor time of this process, its threads included, until `work` is done. */
export const processorTime = async (work: () => unknown): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};
