// The states of a provider task and who moves it from which to which. Pure. What a peer sends has been judged there already.
import type { Side } from '../definition/field_map.ts';

export const [received, cancelled] = ['1', '7'] as const;
const [inProgress, resolved, closed] = ['2', '6', '3'] as const;

/** The provider works, and reopens; the consumer accepts a resolution (Closed), rejects it (Work in Progress), or cancels. */
const allowed: Readonly<Record<Side, ReadonlyMap<string, readonly string[]>>> = {
  provider: new Map([
    [received, [inProgress, resolved, closed, cancelled]],
    [inProgress, [resolved, closed, cancelled]],
    [resolved, [inProgress, closed]],
    [closed, [inProgress]],
  ]),
  consumer: new Map([
    [received, [cancelled]],
    [inProgress, [cancelled]],
    [resolved, [closed, inProgress, cancelled]],
  ]),
};

export const mayMove = (side: Side, from: string, to: string): boolean => allowed[side].get(from)?.includes(to) ?? false;

/** The provider asks for an approval, or does without; the consumer gives it or not. */
export const mayDecide = (side: Side, from: string, to: string): boolean =>
  side === 'provider' || (from === 'requested' && (to === 'approved' || to === 'rejected'));

/** What a requested item and a task of its own become when the provider task is in a state. */
export const requestedItemValues: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  [received, { state: '1', stage: 'fulfillment' }],
  [inProgress, { state: '2', stage: 'fulfillment' }],
  [resolved, { state: '2', stage: 'delivery' }],
  [closed, { state: '3', stage: 'completed' }],
  [cancelled, { state: '4', stage: 'request_cancelled' }],
]);

/** How a class of tasks calls what a provider task goes through. */
interface WorkStates {
  readonly untouched: string;
  /** Where it goes on after a solution that the consumer rejected. */
  readonly working: string;
  readonly resolved: string;
  readonly closed: string;
  /** The first is the one that a consumer's Cancel sets. */
  readonly cancelled: readonly string[];
}

const statesOfTask: WorkStates = { untouched: received, working: '2', resolved: '6', closed: '3', cancelled: ['4', '7'] };

const statesOfClass: ReadonlyMap<string, WorkStates> = new Map([
  ['incident', { untouched: '1', working: '2', resolved: '6', closed: '7', cancelled: ['8'] }],
  ['sn_customerservice_case', { untouched: '1', working: '10', resolved: '6', closed: '3', cancelled: ['7'] }],
  ['change_request', { untouched: '-5', working: '-1', resolved: '0', closed: '3', cancelled: ['4'] }],
  ['problem', { untouched: '101', working: '104', resolved: '106', closed: '107', cancelled: [] }],
]);

/** The tables of a task, from the root. */
type Chain = readonly { readonly name: string }[];

const statesOf = (chain: Chain): WorkStates =>
  statesOfClass.get(chain.findLast(({ name }) => statesOfClass.has(name))?.name ?? '') ?? statesOfTask;

/** The state that a provider task takes from the task behind it; undefined: it stays as it is. */
export const stateFromWork = (work: Readonly<Record<string, string>>, chain: Chain): string | undefined => {
  const states = statesOf(chain);
  const state = work.state ?? '';
  if (work.active === 'false' || state === states.closed) return states.cancelled.includes(state) ? cancelled : closed;
  if (state === states.resolved) return resolved;
  return state === states.untouched ? undefined : inProgress;
};

/** The state that the task behind takes from what the consumer decided; undefined: it stays as it is. */
export const stateForWork = (decided: string, work: Readonly<Record<string, string>>, chain: Chain): string | undefined => {
  const states = statesOf(chain);
  if (work.active === 'false') return undefined;
  if (decided === closed) return states.closed;
  if (decided === cancelled) return states.cancelled[0];
  return decided === inProgress && work.state === states.resolved ? states.working : undefined;
};
