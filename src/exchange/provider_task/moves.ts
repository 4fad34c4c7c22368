// The states of a provider task and who moves it from which to which. Pure. What a peer sends has been judged there already.
import type { Side } from '../definition/field_map.ts';

export const received = '1';
const [inProgress, resolved, closed, cancelled] = ['2', '6', '3', '7'] as const;

/** The provider works; the consumer accepts a resolution (Closed), rejects it (Work in Progress), or cancels. */
const allowed: Readonly<Record<Side, ReadonlyMap<string, readonly string[]>>> = {
  provider: new Map([
    [received, [inProgress, resolved, closed, cancelled]],
    [inProgress, [resolved, closed, cancelled]],
    [resolved, [inProgress, closed]],
  ]),
  consumer: new Map([
    [received, [cancelled]],
    [inProgress, [cancelled]],
    [resolved, [closed, inProgress, cancelled]],
  ]),
};

export const mayMove = (side: Side, from: string, to: string): boolean => allowed[side].get(from)?.includes(to) ?? false;

/** What a requested item and a task of its own become when the provider task is in a state. */
export const requestedItemValues: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  [received, { state: '1', stage: 'fulfillment' }],
  [inProgress, { state: '2', stage: 'fulfillment' }],
  [resolved, { state: '2', stage: 'delivery' }],
  [closed, { state: '3', stage: 'completed' }],
  [cancelled, { state: '4', stage: 'request_cancelled' }],
]);

/** The state that a provider task takes from the task it was turned into; undefined: it stays as it is. */
export const stateFromWork = (work: Readonly<Record<string, string>>): string | undefined => {
  if (work.active === 'false') {
    const isDropped = work.sys_class_name === 'incident' ? work.state === '8' : work.state === '4' || work.state === '7';
    return isDropped ? cancelled : closed;
  }
  if (work.state === '6') return resolved;
  return work.state === received ? undefined : inProgress;
};
