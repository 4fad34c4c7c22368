// A worker thread: keeps one sandbox ready, runs one step at a time, reports. Started by worker_link.ts only.
// It has no way to records, files or the network; what a script needs comes from the main thread, call by call.
import { parentPort, workerData } from 'node:worker_threads';
import { newQuickJSWASMModule, newVariant, RELEASE_SYNC } from 'quickjs-emscripten';
import { type Compiled, compile } from './compile.ts';
import { cancelFlag, type Ending, type FromWorker, type Report, type Step, type ToWorker, type WorkerStart } from './messages.ts';
import { perform } from './perform.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';
import { makeSyncCall } from './sync_call.ts';

const port = parentPort;
if (port === null) throw new Error('scripting/worker.ts runs as a worker thread');
const { shared, answers, objects, memoryBytes } = workerData as WorkerStart;
const post = (message: FromWorker): void => port.postMessage(message);
const call = makeSyncCall({ shared, answers, post });
// The engine's own memory limit counts small allocations far too low, so the limit is that of the memory it lives in.
const pageBytes = 65_536;
const enginePages = 256;
const maximum = enginePages + Math.ceil(memoryBytes / pageBytes);
// Not among the types of a project without a browser.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer } };
};
const memory = new WebAssembly.Memory({ initial: enginePages, maximum });
// Growing by steps, the engine gives up a few percent below the maximum.
const isMemorySpent = (): boolean => memory.buffer.byteLength > maximum * pageBytes * 0.9;
const quickjs = await newQuickJSWASMModule(newVariant(RELEASE_SYNC, { wasmMemory: memory }));

const cpuNow = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

let cpuStartMs = 0;
let cpuLimitMs = 0;
let stopReason: 'cpu_exceeded' | 'cancelled' | undefined;
let isRunning = false;
const mustStop = (): boolean => {
  if (!isRunning) return false;
  if (stopReason === undefined && Atomics.load(shared, cancelFlag) !== 0) stopReason = 'cancelled';
  if (stopReason === undefined && cpuNow() - cpuStartMs > cpuLimitMs) stopReason = 'cpu_exceeded';
  return stopReason !== undefined;
};

let sandbox: Sandbox | undefined;
let compiled = new Map<string, Compiled>();

const forget = (): void => {
  for (const one of compiled.values()) if (one.form === 'function') one.handle.dispose();
  compiled = new Map();
  sandbox?.dispose();
  sandbox = undefined;
};

/** A fresh sandbox, with the script of the last run compiled in it: what is asked for often is asked for again. */
const prepare = (last: Step | undefined): Sandbox => {
  const fresh = openSandbox({ quickjs, objects, call, mustStop });
  if (last && !last.keep) {
    const made = compile(fresh.context, last.source, last.file, false);
    if (made.form === 'function') compiled.set(`${last.file}\n${last.source}`, made);
    if (made.form === 'wrong') made.error.dispose();
  }
  return fresh;
};

const broken = (error: unknown): Report => ({
  ending: 'broken',
  thrown: undefined,
  resultJson: '',
  logs: [],
  cpuMs: cpuNow() - cpuStartMs,
  isWorkerSpent: true,
  detail: String(error),
});

const stoppedHalfWay: ReadonlySet<Ending> = new Set(['cpu_exceeded', 'cancelled', 'memory_exceeded', 'stack_exceeded']);

const runStep = (step: Step): void => {
  cpuStartMs = cpuNow();
  stopReason = undefined;
  cpuLimitMs = step.limits.cpuMs;
  isRunning = true;
  let report: Report;
  try {
    sandbox ??= prepare(undefined);
    sandbox.bind(step.limits);
    report = perform({
      sandbox,
      step,
      compiled,
      stopReason: () => stopReason,
      isMemorySpent,
      cpuMs: () => cpuNow() - cpuStartMs,
    });
  } catch (error) {
    // The engine itself failed: its memory can no longer be trusted, the main thread replaces this worker.
    post({ kind: 'done', report: broken(error) });
    return;
  }
  isRunning = false;
  // Nothing of one run is seen by the next. A session goes on after an exception, but not after it was stopped half-way.
  const isKept = step.keep && !stoppedHalfWay.has(report.ending);
  // Its memory never shrinks: what one script took is given back by replacing the worker.
  let isWorkerSpent = isMemorySpent();
  try {
    if (!isKept) forget();
  } catch {
    isWorkerSpent = true;
  }
  post({ kind: 'done', report: { ...report, isWorkerSpent } });
  if (!isKept && !isWorkerSpent) sandbox = prepare(step);
};

port.on('message', (message: ToWorker) => {
  if (message.kind === 'step') return runStep(message.step);
  forget();
  sandbox = prepare(undefined);
});
sandbox = prepare(undefined);
post({ kind: 'ready' });
