// Who is calling: the interface that doors use. A wrong credential is refused, it never turns into a guest.
import type { Caller } from '../records/caller.ts';
import type { Credential } from './credential.ts';

/** What a door knows of a request before anyone has looked at its body. Header names are lower-case. */
export interface Knock {
  method: string;
  /** Without the query string. */
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  remoteAddress: string;
  /** 12 hex digits, the `txid=` of the log. */
  transactionId: string;
  /** What is asked for is open to strangers: who shows no credential at all comes in as the guest. */
  isOpenToGuests?: boolean;
  /** The connection that it came by, for as long as it lasts; absent: nothing is remembered. */
  connection?: object;
  /** As identify.ts read it from the headers, once for all methods. */
  credential?: Credential;
}

export interface Identified {
  caller: Caller;
  /** How: basic, access_token, id_token, api_key, session; guest for nobody at all. */
  method: string;
  /** sys_id of the oauth_entity whose token or profile opened the door, '' otherwise. */
  entity: string;
  /** Scopes that the entity owns, for API scope checks; undefined when scopes do not apply (Basic, session). */
  scopes?: readonly string[];
  /** The same Authorization header means the same until then, unless rows change. Absent where it works once, or where more than the header counted. */
  holdsUntilMs?: number;
}

export interface Identity {
  /** Throws Fault `identity.refused` (kind unauthenticated) after log lines and refusal row were written. */
  identify(knock: Knock): Promise<Identified>;
}

/** One way to prove who one is; methods/ holds one file each. */
export interface AuthenticationMethod {
  readonly name: string;
  /** undefined: this knock carries no credential of this kind. Throws Refusal when it carries one that is not good. */
  identify(knock: Knock): Promise<Identified | undefined>;
}
