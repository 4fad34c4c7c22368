// The checks in the order of auth.md §6.2. A new check is a file beside this one and a line here.
import type { Check } from '../check.ts';
import { algorithm } from './algorithm.ts';
import { authorizedParty } from './authorized_party.ts';
import { claimValidations } from './claim_validations.ts';
import { criticalHeaders } from './critical_headers.ts';
import { guardedUser } from './guarded_user.ts';
import { registration } from './registration.ts';
import { scopes } from './scopes.ts';
import { shape } from './shape.ts';
import { signature } from './signature.ts';
import { singleUse } from './single_use.ts';
import { times } from './times.ts';
import { user } from './user.ts';
import { userState } from './user_state.ts';

/** What is proven of a token once stays proven until it expires, or the registry changes. */
export const proof: readonly Check[] = [
  shape,
  algorithm,
  criticalHeaders,
  registration,
  authorizedParty,
  signature,
  times,
  claimValidations,
  scopes,
];

/** What is asked on every call. */
export const everyCall: readonly Check[] = [singleUse, user, guardedUser, userState];
