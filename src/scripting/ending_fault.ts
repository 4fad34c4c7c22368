// How a run ended → the Fault that says so. The sentences name the limit, so that whoever reads them knows what to change.
import { Fault, type FaultKind } from '../kit/fault.ts';
import type { ScriptLimits } from './limits.ts';
import type { Report } from './messages.ts';
import type { Thrown } from './script.ts';

const place = (thrown: Thrown | undefined, file: string): string => {
  if (!thrown || thrown.line === 0) return ` in ${file}`;
  return ` in ${file}, line ${thrown.line}, column ${thrown.column}`;
};

/** undefined when the run finished. `processorMs` of the limits is the script's own time, `wallMs` everything. */
export const faultOf = (report: Report, limits: ScriptLimits, file: string): Fault | undefined => {
  const at = place(report.thrown, file);
  const fault = (kind: FaultKind, code: string, message: string): Fault =>
    new Fault(kind, code, message, { explanation: `The script ended${at}`, detail: report.detail });
  const megabytes = (bytes: number): string => `${Math.round((bytes / 1024 / 1024) * 10) / 10} MiB`;
  switch (report.ending) {
    case 'finished':
      return undefined;
    case 'cpu_exceeded':
      return fault('timeout', 'scripting.time_exceeded', `The script used more than ${limits.cpuMs} ms of processor time`);
    case 'cancelled':
      return fault('timeout', 'scripting.time_exceeded', `The script was not done after ${limits.wallMs} ms`);
    case 'memory_exceeded':
      return fault(
        'too_large',
        'scripting.memory_exceeded',
        `The script needed more than ${megabytes(limits.memoryBytes)} of memory`,
      );
    case 'stack_exceeded':
      return fault('too_large', 'scripting.stack_exceeded', 'The script nested its calls or its data too deeply');
    case 'output_too_large':
      return fault(
        'too_large',
        'scripting.output_too_large',
        `The script handed back more than ${megabytes(limits.outputBytes)}`,
      );
    case 'syntax_error':
      return fault('failed', 'scripting.syntax_error', `The script does not compile: ${report.thrown?.message ?? ''}${at}`);
    case 'uncaught':
      return fault('failed', 'scripting.uncaught', report.thrown?.message || report.thrown?.name || 'The script failed');
    case 'broken':
      return fault('unavailable', 'scripting.engine_lost', 'The script engine stopped and was replaced; try again');
  }
};
