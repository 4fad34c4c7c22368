// The provider's half of a registration: invites, and answers the steps that the consumer takes with the code. Every step may be repeated;
// nothing is made that abort does not find again. Must not trust a word that does not come with the proof.
import { type Clock, readWireMoment, wireMoment } from '../../kit/clock.ts';
import { Fault, isFault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records, Row } from '../../records/records.ts';
import { activateConnection } from '../connection/connection_records.ts';
import { removeConnection } from '../connection/remove_connection.ts';
import { readMethod } from '../credential/auth_method.ts';
import type { Handshake, OwnIdentity } from '../handshake/handshake.ts';
import { makeCompanyNames } from './company_names.ts';
import { type Invitation, invitationSecret, isProof, proofOf, writeCode } from './invitation_code.ts';
import { type Invite, makeInvite } from './invite.ts';
import { readStep } from './read_step.ts';
import { makeTakeClaim, notOpen } from './take_claim.ts';
import { answerQuestion, readQuestion } from './whether_known.ts';

export interface ProviderParts {
  records: Records;
  clock: Clock;
  ids: Ids;
  properties: Properties;
  self: OwnIdentity;
  handshake: Handshake;
  /** Of invitations; derived from the instance key. */
  key: Buffer;
  /** Of passwords of integration users; derived from the instance key. */
  loginKey: Buffer;
  /** Public origin of this instance. */
  ownUrl: () => string;
  openSecret: (sealed: string, context: string) => string;
  /** A connection became active, or is gone. */
  changed: (connection: string) => void;
}

export interface ProviderSide {
  readonly invite: Invite;
  /** One step of the consumer. Answers what goes back, with our proof. Throws Fault. */
  step(body: unknown): Promise<{ payload: unknown; proof: string }>;
  abort(registration: Row, reason: string): Promise<void>;
  /** Ends what was begun and never finished in time. */
  sweep(): Promise<void>;
}

const graceMs = 3_600_000;

export const makeProviderSide = (parts: ProviderParts): ProviderSide => {
  const { records, clock, handshake } = parts;

  const { companyOf, ownName } = makeCompanyNames(parts);

  const invitationOf = async (registration: Row): Promise<Invitation> => ({
    url: registration.provider_url ?? '',
    registration: registration.sys_id ?? '',
    connectionId: registration.connection_id ?? '',
    channel: registration.channel ?? '',
    expiresAt: readWireMoment(registration.code_expires ?? ''),
    version: registration.provider_version ?? '',
    company: registration.provider_name ?? '',
    method: readMethod(registration.auth_method),
  });

  const claim = makeTakeClaim({ ...parts, companyOf, ownName });

  const move = (sysId: string, values: Record<string, string>) =>
    records.update(systemCaller, 'sn_sb_pro_registration', sysId, values).then(() => undefined);

  /** The consumer could call us; now we call it, and only then both are active. */
  const prove = async (registration: Row): Promise<unknown> => {
    if (registration.registration_state === 'closed_complete') return { active: true };
    const [connection] = await records.findBy('sn_sb_connection', { sys_id: registration.connection ?? '' }, { limit: 1 });
    if (!connection) throw notOpen('');
    const said = await handshake.ask(connection);
    if (said.instanceId !== registration.claimed_by)
      throw new Fault(
        'conflict',
        'exchange.invitation_other_instance',
        'Another instance answers at the address of the consumer',
      );
    await records.write(async (transaction) => {
      await activateConnection(parts, transaction, connection);
      await records.within(transaction).update(systemCaller, 'sn_sb_pro_registration', registration.sys_id ?? '', {
        registration_state: 'closed_complete',
        state: '3',
        step: 'active',
        step_at: wireMoment(clock.now()),
        step_error: '',
      });
    });
    parts.changed(connection.sys_id ?? '');
    return { active: true };
  };

  const end = async (registration: Row, reason: string): Promise<void> => {
    const sysId = registration.sys_id ?? '';
    await records.write(async (transaction) => {
      const within = records.within(transaction);
      const [connection] = registration.connection
        ? await within.findBy('sn_sb_connection', { sys_id: registration.connection })
        : [];
      const values = { registration_state: 'closed_incomplete', state: '4', connection: '', step: 'aborted', step_error: reason };
      await within.update(systemCaller, 'sn_sb_pro_registration', sysId, values);
      if (connection) await removeConnection(parts, transaction, connection);
    });
    if (registration.connection) parts.changed(registration.connection);
  };

  const perform = async (step: string, registration: Row, payload: unknown): Promise<unknown> => {
    switch (step) {
      case 'claim':
        return claim(registration, payload);
      case 'prove':
        return prove(registration);
      case 'confirm':
        await move(registration.sys_id ?? '', { step: 'confirmed', step_at: wireMoment(clock.now()) });
        return {};
      case 'abort':
        if (registration.step === 'confirmed') throw notOpen('closed_complete');
        if (registration.registration_state !== 'closed_incomplete') await end(registration, 'The consumer has ended it');
        return {};
      default:
        throw new Fault('bad_request', 'exchange.bad_registration', 'There is no such step of a registration');
    }
  };

  return {
    invite: makeInvite({
      ...parts,
      companyOf,
      ownName,
      codeOf: async (registration) => writeCode(await invitationOf(registration), parts.key),
      end,
    }),

    async step(body) {
      const question = readQuestion(body);
      if (question !== undefined) return { payload: await answerQuestion(records, question), proof: '' };
      const { registration: sysId, step, payload, proof } = readStep(body);
      const [registration] = await records.findBy('sn_sb_pro_registration', { sys_id: sysId }, { limit: 1 });
      const secret = registration ? invitationSecret(await invitationOf(registration), parts.key) : '';
      if (!registration || !isProof(proof, proofOf(secret, 'asks', step, payload))) {
        throw new Fault('forbidden', 'exchange.invitation_unknown', 'No registration matches this invitation', {
          explanation: 'The code was changed, or belongs to another instance.',
        });
      }
      if (registration.registration_state === 'closed_incomplete' && step !== 'abort') throw notOpen('closed_incomplete');
      try {
        const answer = (await perform(step, registration, payload)) ?? {};
        return { payload: answer, proof: proofOf(secret, 'answers', step, answer) };
      } catch (error) {
        if (isFault(error)) await move(sysId, { step_error: `${error.code}: ${error.message}`.slice(0, 1000) }).catch(() => {});
        throw error;
      }
    },

    abort: end,

    async sweep() {
      const late = wireMoment(clock.now() - graceMs);
      for (const state of ['open', 'work_in_progress']) {
        for (const registration of await records.findBy('sn_sb_pro_registration', { registration_state: state })) {
          if ((registration.code_expires ?? '') < late) await end(registration, 'It was not finished in time');
        }
      }
    },
  };
};
