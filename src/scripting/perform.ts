// Runs one step in a sandbox and reports how it ended. Runs in workers only; trusts nothing that comes out of the sandbox.
import { type QuickJSHandle, Scope, type VmCallResult } from 'quickjs-emscripten';
import { type Compiled, compile } from './compile.ts';
import type { Ending, Report, Step } from './messages.ts';
import type { Sandbox } from './sandbox.ts';
import type { Thrown } from './script.ts';
import { readThrown } from './thrown.ts';

export interface PerformParts {
  sandbox: Sandbox;
  step: Step;
  /** Compiled functions of this sandbox, by file and source. */
  compiled: Map<string, Compiled>;
  /** Why the interrupt fired, if it did. */
  stopReason: () => 'cpu_exceeded' | 'cancelled' | undefined;
  cpuMs: () => number;
  /** The engine has taken nearly all the memory it may have. */
  isMemorySpent: () => boolean;
}

const compileOnce = ({ sandbox, step, compiled }: PerformParts): Compiled => {
  const key = `${step.file}\n${step.source}`;
  const known = compiled.get(key);
  if (known) return known;
  const made = compile(sandbox.context, step.source, step.file, step.keep);
  if (made.form === 'function') compiled.set(key, made);
  return made;
};

const isMemoryError = ({ name, message }: Thrown): boolean =>
  name === 'InternalError' && (message === 'out of memory' || message === 'string too long');
const isStackError = ({ name, message }: Thrown): boolean =>
  (name === 'InternalError' || name === 'SyntaxError') && message === 'stack overflow';

const performIn = (scope: Scope, parts: PerformParts): Report => {
  const { sandbox, step, stopReason, cpuMs } = parts;
  const { context, core, runtime } = sandbox;
  const isStopped = (): boolean => sandbox.isEnded() || stopReason() !== undefined;
  let shift = 0;

  const hold = <T extends VmCallResult<QuickJSHandle>>(result: T): T => {
    scope.manage(result.error ?? result.value);
    return result;
  };
  const method = (name: string, ...given: readonly (QuickJSHandle | string)[]) => {
    const handles = given.map((one) => (typeof one === 'string' ? scope.manage(context.newString(one)) : one));
    return hold(context.callFunction(scope.manage(context.getProp(core, name)), context.undefined, ...handles));
  };
  const report = (ending: Ending, given: Partial<Report> = {}): Report => ({
    ending: sandbox.isEnded() ? 'cancelled' : (stopReason() ?? ending),
    thrown: undefined,
    resultJson: '',
    logs: sandbox.takeLogs(),
    cpuMs: cpuMs(),
    isWorkerSpent: false,
    detail: '',
    ...given,
  });

  const failed = (error: QuickJSHandle, ending: 'syntax_error' | 'uncaught'): Report => {
    if (isStopped()) return report(ending);
    // The engine throws null when there is no memory left for an error.
    const isMemorySpent = context.sameValue(error, context.null) && parts.isMemorySpent();
    const described = method('describe', error);
    const thrown = readThrown(described.error ? '' : context.getString(described.value), step.file, shift);
    if (isMemorySpent || isMemoryError(thrown)) return report('memory_exceeded', { thrown });
    return report(isStackError(thrown) ? 'stack_exceeded' : ending, { thrown });
  };

  /** Runs what promises left to do; the error of a job that was stopped, if any. */
  const drain = (): { error?: QuickJSHandle; isMemorySpent: boolean } => {
    const isAny = runtime.hasPendingJob();
    while (runtime.hasPendingJob() && !isStopped()) {
      const ran = runtime.executePendingJobs(1);
      if (ran.error) return { error: scope.manage(ran.error), isMemorySpent: false };
    }
    // A promise swallows the error of memory that ran out, and the chain just ends.
    return { isMemorySpent: isAny && parts.isMemorySpent() };
  };

  const begun = method('begin', step.stage, step.environmentJson, step.globalsJson);
  if (begun.error) return failed(begun.error, 'uncaught');

  const compiled = compileOnce(parts);
  if (compiled.form !== 'program') shift = compiled.shift;
  if (compiled.form === 'wrong') return failed(scope.manage(compiled.error), 'syntax_error');
  const ran = hold(
    compiled.form === 'function'
      ? context.callFunction(compiled.handle, context.undefined)
      : context.evalCode(step.source, step.file, { type: 'global' }),
  );
  if (ran.error) return failed(ran.error, 'uncaught');
  const drained = drain();
  if (drained.error) return failed(drained.error, 'uncaught');
  if (drained.isMemorySpent) return report('memory_exceeded');

  const settled = context.getPromiseState(ran.value);
  if (settled.type === 'rejected') return failed(scope.manage(settled.error), 'uncaught');
  // What is no promise is its own value; one that still waits when nothing is left to do has none.
  const isPlain = settled.type === 'fulfilled' && settled.notAPromise === true;
  const value = settled.type === 'pending' ? context.undefined : isPlain ? ran.value : scope.manage(settled.value);
  const finished = method('finish', value, step.readJson, String(step.limits.outputBytes));
  if (finished.error) return failed(finished.error, 'uncaught');
  if (isStopped()) return report('finished');
  // null where the text would be too long: it is measured inside, before it is copied out.
  const json = context.typeof(finished.value) === 'string' ? context.getString(finished.value) : '';
  if (json === '' || Buffer.byteLength(json) > step.limits.outputBytes) return report('output_too_large');
  return report('finished', { resultJson: json });
};

export const perform = (parts: PerformParts): Report => Scope.withScope((scope) => performIn(scope, parts));
