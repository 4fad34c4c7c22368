// The host of a script over the record layer: whatever a script asks for is asked for with the rights of the caller it runs for.
// It decides no rights itself.
import { Fault } from '../kit/fault.ts';
import type { Caller } from '../records/caller.ts';
import { asking } from './host/asking.ts';
import type { HostCall, HostParts, HostRun } from './host/host_parts.ts';
import { readInput } from './host/input.ts';
import { makeReading } from './host/reading.ts';
import { showing } from './host/showing.ts';
import { writing } from './host/writing.ts';
import { namesUsed } from './names_used.ts';
import type { ScriptHost } from './script.ts';

/** Makes the host of one run. */
export const makeRecordHost =
  (parts: HostParts) =>
  (caller: Caller): ScriptHost => {
    const run: HostRun = { ...parts, caller: { ...caller, timeZone: 'UTC' }, timeZone: caller.timeZone };
    const calls: ReadonlyMap<string, HostCall> = new Map([...makeReading(), ...writing, ...showing, ...asking]);
    return {
      async environment(source) {
        return {
          nowMs: parts.clock.now(),
          timeZone: caller.timeZone,
          writesMoments: caller.formats !== undefined,
          user: { sysId: caller.userSysId, name: caller.userName, displayName: caller.displayName, roles: [...caller.roles] },
          includes: namesUsed(source, await parts.includes.names()),
        };
      },
      async call(name, input, meter) {
        const call = calls.get(name);
        if (!call) throw new Fault('bad_request', 'records.bad_script_call', 'A script asked its host for something unknown');
        return call(run, readInput(input), meter);
      },
    };
  };
