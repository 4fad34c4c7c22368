// Where the demo's identity provider keeps its sessions, codes and grants: in memory, gone with the process.
// It must not outlive a restart, nor grow without end.

type Payload = Record<string, unknown>;

interface Kept {
  payload: Payload;
  expiresAtMs: number;
}

const mostKept = 5_000;

/** One memory for all models of one provider; the answer is what oidc-provider calls an adapter factory. */
export const makeProviderMemory = (now: () => number) => {
  const kept = new Map<string, Kept>();

  const live = (key: string): Payload | undefined => {
    const found = kept.get(key);
    if (found && found.expiresAtMs > now()) return found.payload;
    kept.delete(key);
    return undefined;
  };

  return (model: string) => {
    const keyOf = (id: string) => `${model}:${id}`;
    const findWhere = (field: string, value: string): Payload | undefined => {
      for (const [key, { payload }] of kept) {
        if (key.startsWith(`${model}:`) && payload[field] === value) return live(key);
      }
      return undefined;
    };
    return {
      async upsert(id: string, payload: Payload, expiresInSeconds?: number) {
        const oldest = kept.keys().next().value;
        if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
        kept.set(keyOf(id), {
          payload,
          expiresAtMs: expiresInSeconds === undefined ? Infinity : now() + expiresInSeconds * 1000,
        });
      },
      find: async (id: string) => live(keyOf(id)),
      findByUid: async (uid: string) => findWhere('uid', uid),
      findByUserCode: async (userCode: string) => findWhere('userCode', userCode),
      async consume(id: string) {
        const payload = live(keyOf(id));
        if (payload) payload.consumed = Math.floor(now() / 1000);
      },
      async destroy(id: string) {
        kept.delete(keyOf(id));
      },
      async revokeByGrantId(grantId: string) {
        for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
      },
    };
  };
};
