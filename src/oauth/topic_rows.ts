// Rows that every call asks for, kept until something that they were made from changes on any process. Must not keep a failure.

export const makeTopicRows = <T>(topic: () => number, load: () => Promise<T>): (() => Promise<T>) => {
  let kept: { at: number; value: Promise<T> } | undefined;
  return () => {
    const at = topic();
    if (kept?.at === at) return kept.value;
    const value = load();
    const entry = { at, value };
    kept = entry;
    value.catch(() => {
      if (kept === entry) kept = undefined;
    });
    return value;
  };
};
