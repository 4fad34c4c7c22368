// What a provider may offer, seen alike: remote task definitions and items of the catalogue are written, checked, offered, looked at,
// activated and taken back in the same way, and differ in what they are made of.
import type { Dictionary } from '../../records/dictionary.ts';
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import type { MessageKind } from '../message.ts';

export interface OfferedKind {
  /** Word of the messages that carry it; kind `config`. */
  readonly operation: string;
  readonly providerTable: string;
  readonly consumerTable: string;
  /** Tables of what it is made of, on the provider. */
  readonly partTables: readonly string[];
  /** The provider's rows that a part belongs to, before and after a change. */
  ownersOf(within: RecordsInTransaction, partTable: string, part: Readonly<Record<string, string>>): Promise<readonly Row[]>;
  /** Fields that are nobody's business but this instance's: they change at any time. */
  readonly localElements: ReadonlySet<string>;
  /** What becomes of a published one when it or its parts are changed: nothing, or it is a draft again. */
  readonly onEdit: 'refuse' | 'back_to_draft';
  /** Throws `exchange.definition_invalid`. */
  requirePublishable(within: RecordsInTransaction, dictionary: Dictionary, row: Row): Promise<void>;
  /** Throws `exchange.definition_unfit` where what the provider offers cannot be taken up here. */
  requireFit?(dictionary: Dictionary, values: Readonly<Record<string, string>>): void;
  write(within: RecordsInTransaction, row: Row): Promise<unknown>;
  /** Undefined when it is not such an offer. */
  read(payload: unknown): ReadOffer | undefined;
  /** What else the consumer's copy says while it is active, and while it is not. */
  readonly activeValues: Readonly<Record<string, string>>;
  readonly idleValues: Readonly<Record<string, string>>;
}

export interface ReadOffer {
  /** The provider's row: sys_id, state, revision. */
  readonly key: string;
  readonly state: string;
  readonly revision: string;
  /** Features that both sides must have before it is activated. */
  readonly needed: readonly string[];
  /** What the consumer's copy takes over. */
  readonly values: Readonly<Record<string, string>>;
  /** Writes fields or variables of the consumer's copy. */
  takeParts(within: RecordsInTransaction, copy: string): Promise<void>;
}

export const configKind: MessageKind = 'config';

const longest = 1000;

/** Texts of these names, '' where there is none. */
export const pickTexts = (
  row: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  most = longest,
): Record<string, string> =>
  Object.fromEntries(keys.map((key) => [key, typeof row[key] === 'string' ? row[key].slice(0, most) : '']));

/** Undefined where sys_id, name or revision are not what they must be. */
export const readHead = (given: unknown, shared: readonly string[], most = longest): Record<string, string> | undefined => {
  const head = pickTexts((given ?? {}) as Record<string, unknown>, ['sys_id', 'state', 'revision', ...shared], most);
  const isGood = /^[0-9a-f]{32}$/.test(head.sys_id ?? '') && head.name !== '' && /^\d{1,9}$/.test(head.revision ?? '');
  return isGood ? head : undefined;
};
