// A scripted REST operation as calls find it: rows put together once, all that a call needs to know in one place.
import type { Segment } from './path.ts';

export interface Endpoint {
  /** sys_id of the operation. */
  readonly sysId: string;
  readonly method: string;
  /** Of the API, for people. */
  readonly title: string;
  /** Of the operation, for people. */
  readonly summary: string;
  /** `x_acme/orders`, as transaction lines, access policies and scopes name it. */
  readonly api: string;
  /** `x_acme/orders/{id}` */
  readonly pattern: string;
  /** '' for an API without versions. */
  readonly version: string;
  readonly path: readonly Segment[];
  readonly script: string;
  /** False: open to callers without a credential. */
  readonly requiresAuthentication: boolean;
  readonly requiresAcl: boolean;
  readonly requiresInternalRole: boolean;
  /** sys_ids of access rules of which one is enough; those of the API where the operation names none. */
  readonly acls: readonly string[];
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
}

/** Never more than one: overlapping paths are refused when they are saved. */
export type Found =
  | { readonly endpoint: Endpoint; readonly pathParams: Readonly<Record<string, string>> }
  /** The address exists, for other methods. */
  | { readonly offered: readonly string[]; readonly api: string };

export interface Endpoints {
  /** `segments`: the decoded address below `/api/`. HEAD finds what GET does. */
  find(method: string, segments: readonly string[]): Promise<Found | undefined>;
  /** Everything there is, each version for itself; what an address without a version serves stands under '' as well. */
  all(): Promise<readonly { readonly version: string; readonly endpoint: Endpoint }[]>;
  /** Whether any scripted API lives under this namespace. */
  hasNamespace(namespace: string): Promise<boolean>;
}
