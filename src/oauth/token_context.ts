// What the checks of the token endpoint work on: the request, the parts they may use, and what earlier checks have found.
// Must not hold anything that outlives one request.
import type { Clock } from '../kit/clock.ts';
import type { IssuedTokens } from './answer.ts';
import type { Assertions } from './assertions.ts';
import type { Attempts } from './attempts.ts';
import type { Client } from './client.ts';
import type { Clients } from './clients.ts';
import type { Codes } from './codes.ts';
import type { Credential } from './credential.ts';
import type { FindToken } from './find_token.ts';
import type { Check } from './flow.ts';
import type { TokenOrder } from './issue_tokens.ts';
import type { Parameters } from './parameters.ts';
import type { People, Person } from './people.ts';
import type { OAuthProperties } from './properties.ts';
import type { RefreshOrder } from './refresh_tokens.ts';
import type { RevokeTokens } from './revoke_tokens.ts';
import type { GrantedScope } from './scope.ts';

export interface TokenRequest {
  contentType: string | undefined;
  accept: string | undefined;
  authorization: string | undefined;
  body: string;
  /** Without the question mark. */
  query: string;
  remoteAddress: string;
  transactionId: string;
}

export interface TokenParts {
  clock: Clock;
  properties: OAuthProperties;
  clients: Clients;
  people: People;
  attempts: Attempts;
  codes: Codes;
  assertions: Assertions;
  findToken: FindToken;
  issue: (order: TokenOrder) => Promise<IssuedTokens>;
  refresh: (order: RefreshOrder) => Promise<IssuedTokens>;
  revoke: RevokeTokens;
}

/** Who a client says it is, and where it said so. */
export interface ClientCredentials {
  clientId: string;
  secret: string | undefined;
  isBasic: boolean;
}

export interface TokenContext {
  readonly parts: TokenParts;
  readonly request: TokenRequest;
  parameters?: Parameters;
  grant?: Grant;
  credentials?: ClientCredentials;
  client?: Client;
  /** Who the token will act as. */
  person?: Person;
  scope?: GrantedScope;
  /** The refresh token that was presented. */
  presented?: Credential;
  /** Family and guard of an authorization code. */
  code?: Pick<TokenOrder, 'family' | 'guard'>;
  issued?: IssuedTokens;
  /** The check of the grant that runs. */
  leg?: string;
}

/** One grant type: its checks find the person and the scope, or refuse. One file in grants/, one line in grants/index.ts. */
export interface Grant {
  readonly grantType: string;
  readonly givesRefresh: boolean;
  readonly checks: readonly Check<TokenContext>[];
  /** Nothing but the client's secret is presented: whoever has passed that guesses at nothing. */
  readonly isBySecretAlone?: true;
  /** For a request that names no client: where its id may be read, before anything in it is proven. */
  clientIdOf?(parameters: Parameters): string | undefined;
}
