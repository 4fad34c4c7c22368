// Runs one step in a sandbox and reports how it ended. Runs in workers only; trusts nothing that comes out of the sandbox.
import type { QuickJSHandle } from 'quickjs-emscripten';
import { type Compiled, compile } from './compile.ts';
import type { Ending, Report, Step } from './messages.ts';
import type { Sandbox } from './sandbox.ts';
import { readThrown } from './thrown.ts';

export interface PerformParts {
  sandbox: Sandbox;
  step: Step;
  /** Compiled functions of this sandbox, by file and source. */
  compiled: Map<string, Compiled>;
  /** Why the interrupt fired, if it did. */
  stopReason: () => 'cpu_exceeded' | 'cancelled' | undefined;
  cpuMs: () => number;
}

const compileOnce = ({ sandbox, step, compiled }: PerformParts): Compiled => {
  const key = `${step.file}\n${step.source}`;
  const known = compiled.get(key);
  if (known) return known;
  const made = compile(sandbox.context, step.source, step.file, step.keep);
  if (made.form === 'function') compiled.set(key, made);
  return made;
};

export const perform = (parts: PerformParts): Report => {
  const { sandbox, step, stopReason, cpuMs } = parts;
  const { context, core, runtime } = sandbox;
  let shift = 0;

  const method = (name: string, ...texts: readonly (QuickJSHandle | string)[]) => {
    const work = context.getProp(core, name);
    const handles = texts.map((one) => (typeof one === 'string' ? context.newString(one) : one));
    try {
      return context.callFunction(work, context.undefined, ...handles);
    } finally {
      work.dispose();
      texts.forEach((one, at) => {
        if (typeof one === 'string') handles[at]?.dispose();
      });
    }
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
    if (sandbox.isEnded() || stopReason()) {
      error.dispose();
      return report(ending);
    }
    // Memory is gone when it runs out; describing the error needs some.
    runtime.setMemoryLimit(step.limits.memoryBytes + 1024 * 1024);
    const described = method('describe', error);
    error.dispose();
    if (described.error) {
      described.error.dispose();
      return report(ending, { thrown: readThrown('', step.file, 0) });
    }
    const thrown = readThrown(context.getString(described.value), step.file, shift);
    described.value.dispose();
    if (thrown.name === 'InternalError' || thrown.name === 'SyntaxError') {
      if (thrown.message === 'out of memory') return report('memory_exceeded', { thrown });
      if (thrown.message === 'string too long') return report('memory_exceeded', { thrown });
      if (thrown.message === 'stack overflow') return report('stack_exceeded', { thrown });
    }
    return report(ending, { thrown });
  };

  /** Runs what promises left to do; the error of a stopped job, if any. */
  const drain = (): QuickJSHandle | undefined => {
    while (runtime.hasPendingJob()) {
      if (sandbox.isEnded() || stopReason()) return undefined;
      const ran = runtime.executePendingJobs(1);
      if (ran.error) return ran.error;
    }
    return undefined;
  };

  const begun = method('begin', step.stage, step.environmentJson, step.globalsJson);
  if (begun.error) return failed(begun.error, 'uncaught');
  begun.value.dispose();

  const compiled = compileOnce(parts);
  if (compiled.form === 'wrong') {
    shift = compiled.shift;
    return failed(compiled.error, 'syntax_error');
  }
  if (compiled.form === 'function') shift = compiled.shift;
  const ran =
    compiled.form === 'function'
      ? context.callFunction(compiled.handle, context.undefined)
      : context.evalCode(step.source, step.file, { type: 'global' });
  if (ran.error) return failed(ran.error, 'uncaught');
  const stopped = drain();
  if (stopped) return failed(stopped, 'uncaught');

  const settled = context.getPromiseState(ran.value);
  if (settled.type === 'rejected') return failed(settled.error, 'uncaught');
  const value = settled.type === 'fulfilled' ? settled.value : context.undefined;
  const finished = method('finish', value, step.readJson, String(step.limits.outputBytes));
  if (value.alive && value !== context.undefined) value.dispose();
  if (ran.value.alive) ran.value.dispose();
  if (finished.error) return failed(finished.error, 'uncaught');
  if (sandbox.isEnded() || stopReason()) return report('finished');
  // `null` where the text would be too long: it is measured inside, before it is copied out.
  const json = context.typeof(finished.value) === 'string' ? context.getString(finished.value) : '';
  finished.value.dispose();
  if (json === '' || Buffer.byteLength(json) > step.limits.outputBytes) return report('output_too_large');
  return report('finished', { resultJson: json });
};
