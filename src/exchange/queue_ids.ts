// Keys that follow from what a row stands for, so that one look-up by primary key answers "have I seen this?". Pure.
import { hash } from 'node:crypto';

export type Direction = 'outbound' | 'inbound';

/** sys_id of the lane's row. */
export const laneId = (connection: string, direction: Direction, lane: string): string =>
  hash('sha256', `${connection}\n${direction}\n${lane}`, 'hex').slice(0, 32);

/**
 * sys_id of the row of a received message: the same whenever the same message comes. The sender's ids begin with 48 bits of time;
 * kept in front, they let rows arrive at one end of the index.
 */
export const inboxId = (connection: string, messageId: string): string => {
  const digest = hash('sha256', `${connection}\ninbound\n${messageId}`, 'hex');
  return /^[0-9a-f]{32}$/.test(messageId) ? messageId.slice(0, 12) + digest.slice(0, 20) : digest.slice(0, 32);
};
