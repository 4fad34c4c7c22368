// From source text to something that can be run in a sandbox. Runs in workers only; never runs any of the source itself.
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten';
import { namesDeclared } from './names_declared.ts';

export type Compiled =
  /** A function of no arguments; `shift` columns stand before the source in its first line. */
  | { readonly form: 'function'; readonly handle: QuickJSHandle; readonly shift: number }
  /** Statements: evaluated as a program, so that their completion value is seen. */
  | { readonly form: 'program' }
  | { readonly form: 'wrong'; readonly error: QuickJSHandle; readonly shift: number };

const expressionHead = '(function(){return (';
const statementsHead = '(function(){';

/** What a program would leave behind in the global scope, left there by a function. */
const handOn = (source: string): string =>
  namesDeclared(source)
    .map((name) => `try{if(typeof ${name}!=='undefined')globalThis.${name}=${name}}catch{}`)
    .join(';');

/** The source without what may follow a single expression: blanks and semicolons. */
const asExpression = (source: string): string => source.replace(/[\s;]+$/, '');

/** It stays within its brackets: a source that closed them, and the function around it, would run while it is compiled, in whoever's run. */
const isExpression = (context: QuickJSContext, text: string, file: string): boolean => {
  const checked = context.evalCode(`(${text}\n)`, file, { type: 'global', compileOnly: true });
  (checked.error ?? checked.value).dispose();
  return checked.error === undefined;
};

/**
 * Compiles without running. A script that is one expression (as scripted REST and transform scripts are) becomes a function that can be
 * kept and called again; `keep` makes a function of any script, at the price of its completion value. What the script declares at its top is
 * seen by those that follow in either form.
 */
export const compile = (context: QuickJSContext, source: string, file: string, keep: boolean): Compiled => {
  const text = asExpression(source);
  const expression = isExpression(context, text, file)
    ? context.evalCode(`${expressionHead}${text}\n)})`, file, { type: 'global' })
    : undefined;
  if (expression && expression.error === undefined)
    return { form: 'function', handle: expression.value, shift: expressionHead.length };
  expression?.error.dispose();
  if (keep) {
    const statements = context.evalCode(`${statementsHead}${source}\n;${handOn(source)}})`, file, { type: 'global' });
    if (statements.error === undefined) return { form: 'function', handle: statements.value, shift: statementsHead.length };
    return { form: 'wrong', error: statements.error, shift: statementsHead.length };
  }
  const program = context.evalCode(source, file, { type: 'global', compileOnly: true });
  if (program.error !== undefined) return { form: 'wrong', error: program.error, shift: 0 };
  program.value.dispose();
  return { form: 'program' };
};
