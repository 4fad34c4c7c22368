// What a check of a token is: a name, what it needs to know, and one question. The door runs them until one says no; the inspector
// runs all it can. Must not hold an order: checks/index.ts does.
import type { Clock } from '../../kit/clock.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Narrator } from '../narrator.ts';
import type { Properties, Provisioner } from '../parts.ts';
import type { Users } from '../users.ts';
import type { Algorithm } from './algorithms.ts';
import type { DecodedToken } from './decode.ts';
import type { Provider } from './discovery.ts';
import type { Jtis } from './jti_store.ts';
import type { Providers } from './providers.ts';
import type { Registration, Registrations } from './registrations.ts';

/** What is known of one token so far; each check adds what it found out. */
export interface Subject {
  readonly token: string;
  readonly say: Narrator;
  /** Nothing may be used up or made. */
  readonly isRehearsal: boolean;
  decoded?: DecodedToken;
  algorithm?: Algorithm;
  registration?: Registration;
  provider?: Provider;
  /** The provider's answer was fetched for this very token: fetching again would bring the same. */
  isProviderFresh?: boolean;
  user?: Row;
}

export interface Tools {
  records: Pick<Records, 'dictionary' | 'findBy'>;
  registrations: Registrations;
  providers: Providers;
  users: Users;
  jtis: Jtis;
  clock: Clock;
  properties: Properties;
  provisioner: Provisioner | undefined;
}

/** What a passed check saw, for the inspector. */
export interface Finding {
  expected?: string;
  got?: string;
  /** Nothing had to be checked. */
  isIdle?: boolean;
}

type Known = 'decoded' | 'algorithm' | 'registration' | 'provider' | 'user';

export interface Check {
  readonly name: string;
  readonly needs: readonly Known[];
  /** Throws Refusal. */
  run(subject: Subject, tools: Tools): Finding | Promise<Finding>;
}

/** A check whose needs are known to be there. */
export const check = <K extends Known>(
  name: string,
  needs: readonly K[],
  run: (subject: Subject & Required<Pick<Subject, K>>, tools: Tools) => Finding | Promise<Finding>,
): Check => ({ name, needs, run: (subject, tools) => run(subject as Subject & Required<Pick<Subject, K>>, tools) });
