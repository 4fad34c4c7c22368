// What the main thread and the thread that reads a file say to one another.
import type { FaultKind } from '../../kit/fault.ts';
import type { FormatOptions } from './format.ts';

export interface ReaderStart {
  /** A format's name. */
  readonly format: string;
  readonly file: Uint8Array;
  readonly options: FormatOptions;
}

/** The main thread asks for a batch with 'next', and gets one of these. */
export type FromReader =
  | { readonly kind: 'rows'; readonly rows: ReadonlyArray<ReadonlyArray<readonly [header: string, text: string]>> }
  | { readonly kind: 'end' }
  | {
      readonly kind: 'refused';
      readonly fault: { readonly kind: FaultKind; readonly code: string; readonly message: string; readonly explanation: string };
    };
