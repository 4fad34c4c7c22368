// One sandbox: a runtime and a context of the embedded engine with the objects scripts see, for one run or one session.
// Runs in workers only. Gives core.js four functions and nothing else: call, log, load a listed file, evaluate a script include.
import type {
  QuickJSContext,
  QuickJSHandle,
  QuickJSRuntime,
  QuickJSWASMModule,
  VmFunctionImplementation,
} from 'quickjs-emscripten';
import type { ScriptLimits } from './limits.ts';
import { defaultLimits } from './limits.ts';
import { makeLogBook } from './log_book.ts';
import type { CallAnswer } from './messages.ts';
import type { LogLine } from './script.ts';

export interface SandboxParts {
  quickjs: QuickJSWASMModule;
  objects: ReadonlyMap<string, string>;
  call: (name: string, inputJson: string) => CallAnswer;
  /** Asked every few thousand instructions. */
  mustStop: () => boolean;
}

export interface Sandbox {
  readonly runtime: QuickJSRuntime;
  readonly context: QuickJSContext;
  /** `{ begin, finish, describe }` of core.js. */
  readonly core: QuickJSHandle;
  /** Lines logged since the last call of takeLogs. */
  takeLogs(): readonly LogLine[];
  /** The main thread ended the run: whatever the script still does is void. */
  isEnded(): boolean;
  bind(limits: ScriptLimits): void;
  dispose(): void;
}

export const openSandbox = ({ quickjs, objects, call, mustStop }: SandboxParts): Sandbox => {
  const runtime = quickjs.newRuntime();
  let limits = defaultLimits;
  let ended = false;
  const logs = makeLogBook(() => limits);
  const bind = (next: ScriptLimits): void => {
    limits = next;
    runtime.setMaxStackSize(next.stackBytes);
  };
  bind(defaultLimits);
  runtime.setInterruptHandler(() => ended || mustStop());
  const context = runtime.newContext();

  const bridge = context.newObject();
  const offer = (name: string, work: VmFunctionImplementation<QuickJSHandle>): void => {
    const handle = context.newFunction(name, work);
    context.setProp(bridge, name, handle);
    handle.dispose();
  };
  // What the script passes may be anything; only strings are looked at.
  const textOf = (handle: QuickJSHandle | undefined): string =>
    handle && context.typeof(handle) === 'string' ? context.getString(handle) : '';

  offer('call', (name, input) => {
    if (ended) return context.undefined;
    const answer = call(textOf(name), textOf(input));
    if ('end' in answer) {
      ended = true;
      return context.undefined;
    }
    return context.newString('json' in answer ? `{"result":${answer.json}}` : JSON.stringify(answer));
  });
  offer('log', (level, text) => {
    logs.add(textOf(level), textOf(text));
    return context.undefined;
  });
  offer('load', (name) => {
    const file = textOf(name);
    const source = objects.get(file);
    if (source === undefined) return context.undefined;
    return context.evalCode(source, file);
  });

  offer('evaluate', (source, name) => context.evalCode(textOf(source), textOf(name), { type: 'global' }));

  const make = context.unwrapResult(context.evalCode(objects.get('core.js') ?? '', 'core.js'));
  const core = context.unwrapResult(context.callFunction(make, context.undefined, bridge));
  make.dispose();
  bridge.dispose();

  return {
    runtime,
    context,
    core,
    takeLogs: logs.take,
    isEnded: () => ended,
    bind,
    dispose() {
      core.dispose();
      context.dispose();
      runtime.dispose();
    },
  };
};
