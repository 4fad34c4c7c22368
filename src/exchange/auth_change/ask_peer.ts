// One step of a change of credentials, said to the peer; and what it takes to prove a pair that is not in use yet: a token by it, and a
// nonce signed with its secret, so that the right instance answered.
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import { isObject } from '../../kit/is_object.ts';
import type { Outbound } from '../../kit/outbound.ts';
import type { Records, Row } from '../../records/records.ts';
import { codeHeader } from '../carriers/http.ts';
import type { TokenClient } from '../credential/token_client.ts';
import { isProof, proofOf } from '../registration/invitation_code.ts';

export const authChangePath = '/api/sn_sb/exchange/v1/auth_change';

export interface AskPeerParts {
  records: Records;
  ids: Ids;
  outbound: Outbound;
  tokens: TokenClient;
  openSecret: (sealed: string, context: string) => string;
}

export interface Step {
  readonly step: string;
  readonly operation: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface AskPeer {
  /** With the credential in use. Throws the peer's refusal as a conflict, `unavailable` where it is not known what came of it. */
  ask(connection: Row, step: Step): Promise<Record<string, unknown>>;
  /** With the new credential, and a nonce. Throws `exchange.auth_change_unproven` where the answer is not the peer's. */
  prove(connection: Row, change: Row, step: string): Promise<void>;
  /** The other end of `prove`. */
  answerProof(change: Row, step: Step): Promise<{ proof: string }>;
}

const readJson = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
};

const refusal = (status: number, code: string, said: Record<string, unknown>): Fault => {
  if (status >= 500 || status === 429 || status === 408)
    return new Fault('unavailable', 'exchange.auth_change_unanswered', `The peer answered with status ${status}`);
  const { message, detail } = isObject(said.error) ? said.error : {};
  const words = [message, detail].filter((word) => typeof word === 'string' && word !== '').join(': ');
  const known = /^exchange\.auth_[a-z_]{1,60}$/.test(code) ? code : 'exchange.auth_change_refused';
  return new Fault('conflict', known, 'The peer refused a step of the change', {
    explanation: words.slice(0, 400) || `It answered with status ${status}.`,
  });
};

export const makeAskPeer = (parts: AskPeerParts): AskPeer => {
  const { records, ids, outbound, tokens, openSecret } = parts;

  const send = async (connection: Row, token: string, step: Step): Promise<Record<string, unknown>> => {
    const answer = await outbound.send({
      url: `${connection.peer_url}${authChangePath}`,
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(step),
      timeLimitMs: 20_000,
    });
    const said = readJson(answer.body.toString('utf8'));
    if (answer.status !== 200) throw refusal(answer.status, answer.headers.get(codeHeader) ?? '', said);
    return isObject(said.result) ? said.result : {};
  };

  const secretOf = async (entity: string | undefined): Promise<string> => {
    const [row] = entity ? await records.findBy('oauth_entity', { sys_id: entity }, { limit: 1 }) : [];
    return row?.client_secret ? openSecret(row.client_secret, 'oauth_entity.client_secret') : '';
  };

  const unproven = (): Fault =>
    new Fault('conflict', 'exchange.auth_change_unproven', 'The new credential was answered by somebody who does not know it');

  return {
    ask: async (connection, step) => send(connection, await tokens.token(connection), step),
    async prove(connection, change, step) {
      const secret = await secretOf(change.new_credential);
      const nonce = ids.randomToken(16);
      const operation = change.operation ?? '';
      const token = await tokens.tryCredential(change.new_credential ?? '');
      const said = await send(connection, token, {
        step,
        operation,
        payload: { nonce, proof: proofOf(secret, 'asks', step, { operation, nonce }) },
      });
      const expected = proofOf(secret, 'answers', step, { operation, nonce });
      if (secret === '' || typeof said.proof !== 'string' || !isProof(said.proof, expected)) throw unproven();
    },
    async answerProof(change, { step, operation, payload }) {
      const secret = await secretOf(change.new_client);
      const { nonce, proof } = payload;
      const isGood =
        secret !== '' &&
        typeof nonce === 'string' &&
        typeof proof === 'string' &&
        isProof(proof, proofOf(secret, 'asks', step, { operation, nonce }));
      if (!isGood) throw unproven();
      return { proof: proofOf(secret, 'answers', step, { operation, nonce }) };
    },
  };
};
