// A call as access policies and auth scopes name it. The door makes it; nothing here may look at a body.

export interface ApiCall {
  /** `now/table` */
  readonly api: string;
  /** `now/table/{table}` */
  readonly pattern: string;
  /** '', 'v1', 'v2' */
  readonly version: string;
  readonly method: string;
  readonly path: string;
  /** '' where the address names none. */
  readonly table: string;
  readonly remoteAddress: string;
  readonly transactionId: string;
}
