// Runs customers' scripts: each in a fresh sandbox in a worker thread, within limits, with a host that answers its calls.
// It knows nothing of records; the host does.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../kit/clock.ts';
import { Fault, isFault } from '../kit/fault.ts';
import { faultOf } from './ending_fault.ts';
import { defaultLimits, type ScriptLimits } from './limits.ts';
import type { CallAnswer, Report } from './messages.ts';
import { type CountingMeter, makeMeter } from './meter.ts';
import { readObjects } from './objects.ts';
import { makePool, type Pool } from './pool.ts';
import type { Json, Outcome, ScriptRequest } from './script.ts';
import { openLink, type WorkerLink } from './worker_link.ts';

export interface RunnerParts {
  clock: Clock;
  limits?: Partial<ScriptLimits>;
  /** Asked at each run; comes before `limits`. */
  liveLimits?: () => Promise<Partial<Omit<ScriptLimits, 'memoryBytes'>>>;
  /** Scripts that run at the same time. */
  poolSize?: number;
  /** Sessions open at the same time, with workers of their own. */
  sessionCount?: number;
  maxWaiting?: number;
  maxWaitMs?: number;
}

export interface ScriptSession {
  /** One script after the other in the same sandbox; what one defines, the next one sees. Not at the same time. */
  step(request: ScriptRequest): Promise<Outcome>;
  close(): void;
}

export interface ScriptRunner {
  /** A fresh sandbox for one script. Throws `scripting.overloaded`; everything else that goes wrong is in the outcome. */
  run(request: ScriptRequest): Promise<Outcome>;
  /** A sandbox for many scripts that belong together, such as those of one transform. */
  open(lane?: string): Promise<ScriptSession>;
  close(): Promise<void>;
}

const maxDepth = 4;

const nothing = (fault: Fault): Outcome => ({
  fault,
  thrown: undefined,
  value: null,
  variables: {},
  logs: [],
  cpuMs: 0,
  queries: 0,
  rows: 0,
});

const toOutcome = (report: Report, fault: Fault | undefined, meter: CountingMeter): Outcome => {
  const result = report.ending === 'finished' && !fault ? JSON.parse(report.resultJson) : { value: null, variables: {} };
  return {
    fault,
    thrown: report.thrown,
    value: result.value ?? null,
    variables: result.variables,
    logs: report.logs,
    cpuMs: report.cpuMs,
    queries: meter.used.queries,
    rows: meter.used.rows,
  };
};

export const makeScriptRunner = ({
  clock,
  limits: given = {},
  liveLimits,
  poolSize = 2,
  sessionCount = 2,
  maxWaiting = 200,
  maxWaitMs = 10_000,
}: RunnerParts): ScriptRunner => {
  const ownLimits: ScriptLimits = { ...defaultLimits, ...given };
  const objects = readObjects();
  const open = (): WorkerLink => openLink({ clock, objects, memoryBytes: ownLimits.memoryBytes });
  const runs: Pool = makePool({ clock, open, size: poolSize, maxWaiting, maxWaitMs });
  const sessions: Pool = makePool({ clock, open, size: sessionCount, maxWaiting, maxWaitMs });
  // How many scripts are on the way from the outside to here: a script may insert a record that makes another script run.
  const depth = new AsyncLocalStorage<number>();

  const perform = async (link: WorkerLink, request: ScriptRequest, keep: boolean): Promise<Outcome> => {
    const limits: ScriptLimits = { ...ownLimits, ...(await liveLimits?.()), ...request.limits };
    const file = request.file.replace(/[^\w. -]/g, '_').slice(0, 120);
    if (Buffer.byteLength(request.source) > limits.sourceBytes) {
      return nothing(
        new Fault('too_large', 'scripting.source_too_large', `The script is longer than ${limits.sourceBytes} bytes`),
      );
    }
    const { host } = request;
    const meter = makeMeter(limits);
    let ended: Fault | undefined;

    const answer = async (name: string, inputJson: string): Promise<CallAnswer> => {
      if (inputJson.length > limits.outputBytes) {
        ended = faultOf({ ...emptyReport, ending: 'output_too_large' }, limits, file);
        return { end: true };
      }
      try {
        const input = JSON.parse(inputJson === '' ? 'null' : inputJson) as Json;
        const result = await depth.run((depth.getStore() ?? 0) + 1, () => host.call(name, input, meter));
        return { json: JSON.stringify(result ?? null) };
      } catch (error) {
        if (!isFault(error)) throw error;
        if (error.code.startsWith('scripting.')) {
          ended = error;
          return { end: true };
        }
        return { error: { code: error.code, kind: error.kind, message: error.explanation ?? error.message } };
      }
    };

    const report = await link.perform(
      {
        source: request.source,
        file,
        stage: request.stage ?? 'plain',
        environmentJson: JSON.stringify(await host.environment(request.source)),
        globalsJson: JSON.stringify(request.globals ?? {}),
        readJson: JSON.stringify(request.read ?? []),
        limits,
        keep,
      },
      answer,
    );
    return toOutcome(report, ended ?? faultOf(report, limits, file), meter);
  };

  const tooDeep = (): Fault | undefined =>
    (depth.getStore() ?? 0) > maxDepth
      ? new Fault('too_large', 'scripting.nested_too_deep', `More than ${maxDepth} scripts started one another`)
      : undefined;

  return {
    async run(request) {
      const refused = tooDeep();
      if (refused) return nothing(refused);
      const lane = request.lane ?? '';
      const link = await runs.take(lane, depth.getStore() ?? 0);
      try {
        return await perform(link, request, false);
      } finally {
        runs.give(link, lane);
      }
    },
    async open(lane = '') {
      const refused = tooDeep();
      if (refused) throw refused;
      let link = await sessions.take(lane, depth.getStore() ?? 0);
      let isOpen = true;
      return {
        async step(request) {
          // A worker that had to be ended takes the session's memory with it; the session goes on in a new one.
          if (!link.isAlive()) {
            sessions.give(link, lane);
            link = await sessions.take(lane, depth.getStore() ?? 0);
          }
          return perform(link, request, true);
        },
        close() {
          if (!isOpen) return;
          isOpen = false;
          link.forget();
          sessions.give(link, lane);
        },
      };
    },
    async close() {
      await Promise.all([runs.close(), sessions.close()]);
    },
  };
};

const emptyReport: Report = {
  ending: 'finished',
  thrown: undefined,
  resultJson: '',
  logs: [],
  cpuMs: 0,
  isWorkerSpent: false,
  detail: '',
};
