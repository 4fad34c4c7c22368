// What a type of field is: how a caller's words become a stored text, how that text lies in its column, how it is shown.
// A family of types is one file beside this one and one line in index.ts.
import type { ColumnType, Value } from '../../store/store.ts';
import type { MomentFormats } from '../moment_formats.ts';

export interface ReadingOptions {
  /** The text is a display value: moments are in `timeZone`, booleans and numbers as shown. */
  readonly isDisplay: boolean;
  readonly timeZone: string;
  /** How the writer of a display value writes moments; absent: `YYYY-MM-DD HH:MM:SS`, which is understood in any case. */
  readonly formats?: MomentFormats | undefined;
}

export interface FieldType {
  /** Names in `internal_type`. */
  readonly names: readonly string[];
  /** undefined: nothing is stored in the record's own row. */
  readonly columnType: ColumnType | undefined;
  /** Length of a field that names none. */
  readonly maxLength: number;
  /** A secret is never answered, queried, ordered by or audited. */
  readonly secret?: 'hashed' | 'sealed';
  /** What an insert stores when nothing is given and the field has no default. */
  readonly emptyValue?: string;
  /** Stored text for what a caller wrote; undefined: not understood, the field keeps what it has. Never sees ''. */
  read(text: string, options: ReadingOptions): string | undefined;
  /** The column's value for a stored text. Never sees ''. */
  toColumn(text: string): Value;
  /** The stored text of a column's value. Never sees null. */
  toText(value: Value): string;
  /** What a person sees. References, choices and lists of references are shown by whoever can look them up. Never sees ''. */
  show(text: string, timeZone: string, formats?: MomentFormats): string;
}
