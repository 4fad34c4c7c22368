// POST /api/sn_sb/exchange/v1/handshake: the peer says who it is, and hears the same. /farewell: it has ended the connection.
// /auth_change: a step of a change of credentials. /lanes: how far each lane has come, after an adoption.
// No rule lives here.
import type { AuthChanges } from '../../exchange/auth_change/auth_changes.ts';
import type { Handshake } from '../../exchange/handshake/handshake.ts';
import type { Offboard } from '../../exchange/offboard/offboard.ts';
import type { Resume } from '../../exchange/resume/resume.ts';
import type { Api } from '../api.ts';
import { type MessagesParts, peerOf, withCode } from './messages.ts';

export const makeHandshakeApi = (
  parts: Pick<MessagesParts, 'book' | 'admitPeer'> & {
    handshake: Pick<Handshake, 'answer'>;
    offboard: Pick<Offboard, 'farewell'>;
    authChanges: Pick<AuthChanges, 'answer'>;
    resume: Pick<Resume, 'answer'>;
  },
): Api => ({
  name: 'sn_sb/exchange',
  base: '/api/sn_sb/exchange',
  versions: ['v1'],
  operations: [
    {
      method: 'POST',
      path: '/handshake',
      produces: ['application/json'],
      handle: (asked) =>
        withCode(async () => {
          const connection = await peerOf(asked, parts);
          const result = await parts.handshake.answer(connection.row, await asked.json());
          return { status: 200, body: JSON.stringify({ result }), headers: { 'Cache-Control': 'no-store' } };
        }),
    },
    {
      method: 'POST',
      path: '/auth_change',
      produces: ['application/json'],
      handle: (asked) =>
        withCode(async () => {
          const connection = await peerOf(asked, parts);
          const result = await parts.authChanges.answer(connection.row, await asked.json());
          return { status: 200, body: JSON.stringify({ result }), headers: { 'Cache-Control': 'no-store' } };
        }),
    },
    {
      method: 'POST',
      path: '/lanes',
      produces: ['application/json'],
      handle: (asked) =>
        withCode(async () => {
          const connection = await peerOf(asked, parts);
          const result = await parts.resume.answer(connection.row, await asked.json());
          return { status: 200, body: JSON.stringify({ result }), headers: { 'Cache-Control': 'no-store' } };
        }),
    },
    {
      method: 'POST',
      path: '/farewell',
      produces: ['application/json'],
      handle: (asked) =>
        withCode(async () => {
          await parts.offboard.farewell((await peerOf(asked, parts)).row);
          return { status: 200, body: JSON.stringify({ result: {} }) };
        }),
    },
  ],
});
