// What happens to a request at a door that is open to strangers: its transaction, its answer, its lines in the log.
// It must not identify anyone: the room behind the door does.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import type { Answer } from './api.ts';
import type { BaseAddress } from './base_address.ts';
import { answerFault } from './faults.ts';
import { type OpenDoor, openDoor } from './open_door.ts';
import type { Transactions } from './transactions.ts';
import { reportFault, sendAnswer } from './walk.ts';

export const serveOpenDoor =
  (door: OpenDoor, parts: { transactions: Transactions; log: LocalhostLog; baseAddress: BaseAddress }) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const transaction = parts.transactions.begin(door.path);
    const { id: transactionId } = transaction;
    const { ip: remoteAddress, raw: message } = request;
    let answer: Answer;
    try {
      // The proxy is believed by its own address, not by that of the caller behind it.
      const base = parts.baseAddress.of({ remoteAddress: message.socket.remoteAddress ?? '', headers: request.headers });
      answer = await openDoor(door, { message, remoteAddress, base, transactionId });
    } catch (error) {
      reportFault(error, parts.log, transaction);
      answer = answerFault(error, 'application/json', transactionId);
    }
    const about = { api: door.name, resource: door.name, version: '', userName: '', userSysId: '' };
    transaction.ended({ ...about, method: message.method ?? 'GET', status: answer.status, remoteAddress });
    return sendAnswer(reply, answer, { transactionId, isLoggedIn: false, accept: 'application/json' });
  };
