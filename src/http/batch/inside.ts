// Requests that an answered request makes to this very app, as the same caller: the whole walk, no network, no second sign-in.
// It must not take anyone's word for who he is: the pass is made here, used once, and never leaves the process.
import type { FastifyInstance } from 'fastify';
import type { Identified, Identity } from '../../identity/identity.ts';
import type { Ids } from '../../kit/ids.ts';

export interface InsideRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** Of the connection of the request that asks. */
  readonly remoteAddress: string;
}

export interface InsideAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Inside {
  /** Identity for the app: who holds a pass is who it was made for. */
  around(identity: Identity): Identity;
  /** Called once, with the app that answers. */
  open(app: Pick<FastifyInstance, 'inject'>): void;
  send(identified: Identified, request: InsideRequest): Promise<InsideAnswer>;
}

/** Also the mark of a request from inside. */
export const passHeader = 'x-causeway-pass';

export const makeInside = ({ ids }: { ids: Ids }): Inside => {
  const passes = new Map<string, Identified>();
  let app: Pick<FastifyInstance, 'inject'> | undefined;
  return {
    around: (identity) => ({
      ...identity,
      async identify(knock) {
        const pass = knock.headers[passHeader];
        const identified = typeof pass === 'string' ? passes.get(pass) : undefined;
        if (identified === undefined) return identity.identify(knock);
        passes.delete(pass as string);
        return identified;
      },
    }),
    open(served) {
      app = served;
    },
    async send(identified, { method, url, headers, body, remoteAddress }) {
      if (app === undefined) throw new Error('the app was not opened');
      const pass = ids.randomToken(32);
      passes.set(pass, identified);
      try {
        const said = await app.inject({
          method,
          url,
          headers: { ...headers, [passHeader]: pass },
          remoteAddress,
          payloadAsStream: true,
          ...(body ? { payload: body } : {}),
        });
        return { status: said.statusCode, statusText: said.statusMessage, headers: said.headers, body: said.stream() };
      } finally {
        passes.delete(pass);
      }
    },
  };
};
