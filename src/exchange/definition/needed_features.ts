// What both sides must be able to do before an offer can work: named in the offer, compared when somebody activates it. What is active already
// is not looked at again.
import { Fault } from '../../kit/fault.ts';
import type { Row } from '../../records/records.ts';

/** Of shared tasks, by name; each side tells the other which it has. */
export const taskFeatures = ['attachments', 'maintain_sys_id', 'provider_tasks', 'proactive_tasks', 'task_approvals'] as const;

export type TaskFeature = (typeof taskFeatures)[number];

const mostFeatures = 20;

/** A peer that has not said yet what it can do is taken to be able to do it. */
export const hasFeature = (connection: Row | undefined, feature: string): boolean =>
  !connection?.peer_features || connection.peer_features.split(',').includes(feature);

/** As an offer names them; undefined where it is no such list. An older peer names none. */
export const readNeeded = (given: unknown): readonly string[] | undefined => {
  if (given === undefined) return [];
  if (!Array.isArray(given) || given.length > mostFeatures) return undefined;
  return given.every((each): each is string => typeof each === 'string' && /^[\w.-]{1,60}$/.test(each)) ? given : undefined;
};

/** `connection` is to the provider. Throws `exchange.feature_missing` with the name of what is missing, and on which side. */
export const requireFeatures = (needed: readonly string[], own: readonly string[], connection: Row | undefined): void => {
  for (const feature of needed) {
    const isOurs = own.includes(feature);
    if (isOurs && hasFeature(connection, feature)) continue;
    throw new Fault('conflict', 'exchange.feature_missing', 'This cannot be activated between these two instances', {
      explanation: `It needs ${feature}, which ${isOurs ? 'the provider' : 'this instance'} does not know. What is active stays as it is.`,
    });
  }
};
