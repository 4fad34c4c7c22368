// One step of a registration, told to the provider with the proof of the invitation; its answer counts only with the provider's own proof.
import { Fault } from '../../kit/fault.ts';
import type { Outbound } from '../../kit/outbound.ts';
import type { Row } from '../../records/records.ts';
import { codeHeader } from '../carriers/http.ts';
import { isProof, proofOf } from './invitation_code.ts';

export const registrationPath = '/api/sn_sb/exchange/v1/registration';

export interface AskProviderParts {
  outbound: Outbound;
  openSecret: (sealed: string, context: string) => string;
}

/** Throws `exchange.provider_unproven`, `exchange.provider_refused`, or the provider's own code. */
export const makeAskProvider =
  ({ outbound, openSecret }: AskProviderParts) =>
  async (onboarding: Row, connection: Row, step: string, payload: unknown): Promise<unknown> => {
    const secret = openSecret(onboarding.code_secret ?? '', 'sn_sb_onboarding.code_secret');
    const answer = await outbound.send({
      url: `${connection.peer_url}${registrationPath}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        registration: onboarding.registration,
        step,
        payload,
        proof: proofOf(secret, 'asks', step, payload),
      }),
      timeLimitMs: 30_000,
    });
    const said = readJson(answer.body.toString('utf8'));
    if (answer.status !== 200) throw peerFault(answer.status, answer.headers.get(codeHeader) ?? '', said);
    const { payload: told, proof } = (said.result ?? {}) as { payload?: unknown; proof?: unknown };
    if (typeof proof === 'string' && isProof(proof, proofOf(secret, 'answers', step, told))) return told;
    throw new Fault(
      'unavailable',
      'exchange.provider_unproven',
      'Whoever answered does not know the invitation: it is not the provider',
    );
  };

const readJson = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/** The provider's refusal, as our own: its code, where it is one of ours. */
const peerFault = (status: number, code: string, said: Record<string, unknown>): Fault => {
  const { message, detail } = (said.error ?? {}) as { message?: unknown; detail?: unknown };
  const words = [message, detail]
    .filter((word) => typeof word === 'string' && word !== '')
    .join(': ')
    .slice(0, 400);
  const known = /^exchange\.[a-z_]{1,60}$/.test(code) ? code : 'exchange.provider_refused';
  const kind = status >= 500 || status === 429 || status === 404 ? 'unavailable' : 'conflict';
  return new Fault(kind, known, `The provider answered with status ${status}${words === '' ? '' : `: ${words}`}`);
};
