// The order in which a knock is looked at (auth.md §5): one credential, the methods in turn, then lines for the log.
// A wrong credential is refused, never turned into a guest; every refusal looks the same outside.
import { Fault } from '../kit/fault.ts';
import { type LocalhostLog, makeLogWords } from '../kit/localhost_log.ts';
import { type Credential, readCredential } from './credential.ts';
import type { AuthenticationMethod, Identified, Identity, Knock } from './identity.ts';
import type { StampLastLogin } from './last_login.ts';
import type { Properties } from './parts.ts';
import { Refusal } from './refusal.ts';
import type { Refusals } from './refusals.ts';

const refuseCredential = (credential: Credential): Refusal => {
  if (credential.kind === 'none') return new Refusal('no_credential', { expected: 'an Authorization header', got: 'none' });
  if (credential.kind === 'garbled')
    return new Refusal('malformed_credential', { expected: 'one well-formed credential', got: credential.why });
  if (credential.kind === 'other')
    return new Refusal('unsupported_scheme', { expected: 'Basic or Bearer', got: credential.scheme });
  return new Refusal('unknown_token', {
    expected: 'a token of this instance, or a JWT of a registered provider',
    got: 'neither',
  });
};

const oauthSwitch = 'com.snc.platform.security.oauth.is.active';

export const makeIdentify = (parts: {
  methods: readonly AuthenticationMethod[];
  refusals: Refusals;
  log: LocalhostLog;
  properties: Properties;
  /** undefined where the instance has no guest, or an inactive one. */
  guest: () => Promise<Identified | undefined>;
  remember: (knock: Knock, prove: () => Promise<Identified>) => Promise<Identified> | Identified;
  stampLastLogin: StampLastLogin;
}): Identity['identify'] => {
  const { methods, refusals, log, properties, guest, remember, stampLastLogin } = parts;

  const prove = async (knock: Knock, credential: Credential): Promise<Identified> => {
    if (credential.kind === 'garbled') throw refuseCredential(credential);
    if (credential.kind === 'bearer' && !(await properties.flag(oauthSwitch, true))) {
      throw new Refusal('policy_denied', { expected: `${oauthSwitch} true`, got: 'false' });
    }
    for (const method of methods) {
      const identified = await method.identify(knock);
      if (identified) return identified;
    }
    const stranger = knock.isOpenToGuests && credential.kind === 'none' ? await guest() : undefined;
    if (stranger) return stranger;
    throw refuseCredential(credential);
  };

  const validated = makeLogWords((name: string) => `HTTP authorization validated user '${name}'`);
  const setTo = makeLogWords((name: string) => `Session user set to ${name}`);

  return async (knock) => {
    try {
      // What is remembered needs no reading.
      const identified = await remember(knock, async () => {
        const credential = readCredential(knock);
        return prove({ ...knock, credential }, credential);
      });
      if (identified.method === 'guest') return identified;
      const say = log.of(knock.transactionId);
      say.cleaned(validated(identified.caller.userName));
      say.cleaned(setTo(identified.caller.userName));
      const stamping = stampLastLogin(identified, knock.transactionId);
      if (stamping) await stamping;
      return identified;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.write(error, knock, readCredential(knock));
      throw new Fault('unauthenticated', 'identity.refused', 'User Not Authenticated', {
        explanation: 'Required to provide Auth information',
        detail: error.reason,
      });
    }
  };
};
