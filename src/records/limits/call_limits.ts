// What stands between a caller and his call: the hourly limit of the rule that binds him, and his share of what runs at once.
import { makeBoundedMap } from '../../kit/bounded_map.ts';
import type { Clock } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import { makeTurns } from '../../kit/turns.ts';
import type { Store } from '../../store/store.ts';
import type { Caller } from '../caller.ts';
import { takePortion } from './rate_counts.ts';
import { type LimitedCall, makeRateRules, type RateRule, ruleFor } from './rate_rules.ts';

export interface CallLimits {
  /**
   * Headers for the answer, none where no rule binds; a promise only where there is something to wait for. `isArriving`: its body is still on
   * its way, and the call waits in a line with its like, so that those that trickle in hold up none that are there. `isGone`: nobody waits
   * for its answer any more. Rejects with `limits.rate_exceeded` and `turns.too_many` (rate_limited).
   */
  enter(caller: Caller, call: EnteringCall): Promise<Entered> | Entered;
}

interface EnteringCall extends LimitedCall {
  readonly isArriving?: boolean;
  isGone?(): boolean;
}

export interface Entered {
  readonly headers: Readonly<Record<string, string>>;
  leave(): void;
}

export interface CallLimitsParts {
  store: Store;
  clock: Clock;
  /** Calls of one user that run at once in this process, and that wait for that. */
  atOnce?: number;
  waiting?: number;
}

interface Portion {
  windowAt: number;
  left: number;
  isSpent: boolean;
}

const hourSeconds = 3600;

const labels: ReadonlyMap<string, string> = new Map([
  ['now/table', 'Table API'],
  ['now/stats', 'Aggregate API'],
  ['now/attachment', 'Attachment API'],
  ['now/batch', 'Batch API'],
  ['now/import', 'Import Set API'],
]);

/** What a call gets that no rule binds. */
export const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

export const makeCallLimits = ({ store, clock, atOnce = 100, waiting = 400 }: CallLimitsParts): CallLimits => {
  const rules = makeRateRules({ store });
  const turns = makeTurns({ atOnce, waiting });
  const arrivals = makeTurns({ atOnce, waiting });
  const portions = makeBoundedMap<string, Portion>(10_000);
  const taking = new Map<string, Promise<void>>();

  const refill = async (key: string, rule: RateRule, user: string, windowAt: number): Promise<void> => {
    const left = await takePortion(store, { rule: rule.sysId, user, windowAt, limit: rule.limit });
    portions.set(key, { windowAt, left, isSpent: left === 0 });
  };

  /** Whether one more call fits. Calls that come while a portion is being taken wait for it together. */
  const mayPass = async (key: string, rule: RateRule, user: string, windowAt: number): Promise<boolean> => {
    for (;;) {
      const portion = portions.get(key);
      if (portion?.windowAt === windowAt) {
        if (portion.isSpent) return false;
        if (portion.left > 0) {
          portion.left -= 1;
          return true;
        }
      }
      const under = taking.get(key) ?? refill(key, rule, user, windowAt).finally(() => taking.delete(key));
      taking.set(key, under);
      await under;
    }
  };

  const count = async (known: readonly RateRule[], caller: Caller, call: LimitedCall): Promise<Entered['headers']> => {
    const rule = ruleFor(known, caller, call);
    if (!rule) return noHeaders;
    const nowSeconds = Math.floor(clock.now() / 1000);
    const windowAt = nowSeconds - (nowSeconds % hourSeconds);
    const resetAt = windowAt + hourSeconds;
    const headers = {
      'X-RateLimit-Limit': String(rule.limit),
      'X-RateLimit-Reset': String(resetAt),
      'X-RateLimit-Rule': rule.sysId,
    };
    // A changed rule begins anew: what is left of the old portion is not its own.
    const key = `${rule.sysId} ${caller.userSysId} ${store.topic('rate_limits')}`;
    if (await mayPass(key, rule, caller.userSysId, windowAt)) return headers;
    const api = labels.get(call.api) ?? call.api;
    throw new Fault('rate_limited', 'limits.rate_exceeded', 'Rate limit exceeded', {
      explanation: `Rate limit of ${rule.limit} requests per hour for ${api} exceeded`,
      retryAfterSeconds: resetAt - nowSeconds,
      headers,
    });
  };

  const takeTurn = (caller: Caller, call: EnteringCall, headers: Entered['headers']): Promise<Entered> | Entered => {
    // A batch waits for requests of its own caller: holding a turn meanwhile, batches could wait for each other for ever.
    if (call.api === 'now/batch') return { headers, leave: () => {} };
    const leave = (call.isArriving ? arrivals : turns).take(caller.userSysId, call.isGone);
    return leave instanceof Promise ? leave.then((done) => ({ headers, leave: done })) : { headers, leave };
  };

  const enterCounted = async (caller: Caller, call: EnteringCall): Promise<Entered> => {
    const headers = await count(await rules.current(), caller, call);
    return takeTurn(caller, call, headers);
  };

  return {
    enter(caller, call) {
      const known = rules.current();
      const isBound = known instanceof Promise || known.length > 0;
      return isBound ? enterCounted(caller, call) : takeTurn(caller, call, noHeaders);
    },
  };
};
