// One row as it comes from outside: header → text, whatever the format was. Holds nothing but texts.

/** In the order of the source. Keys are any text at all: they are never used as property names. */
export type SourceRow = ReadonlyMap<string, string>;

/** Bytes of a file, in pieces. */
export type Bytes = AsyncIterable<Uint8Array>;
