// The list of grants. Adding one: a file beside this one and a line here.
import type { Grant } from '../token_context.ts';
import { authorizationCode } from './authorization_code.ts';
import { clientCredentials } from './client_credentials.ts';
import { jwtBearer } from './jwt_bearer.ts';
import { password } from './password.ts';
import { refreshToken } from './refresh_token.ts';

export const grants: ReadonlyMap<string, Grant> = new Map(
  [password, refreshToken, clientCredentials, authorizationCode, jwtBearer].map((grant) => [grant.grantType, grant] as const),
);
