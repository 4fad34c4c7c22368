// Script includes as rows of sys_script_include: active ones, by the name of the thing they define.
import { Fault } from '../kit/fault.ts';
import type { Records, Rule } from '../records/records.ts';
import type { ScriptIncludes } from './host/host_parts.ts';

// More library scripts than any instance has; a limit only so that nothing is without one.
const mostIncludes = 20_000;

/** `version` changes whenever a script include does: the names are read again only then. */
export const makeScriptIncludes = ({
  records,
  version,
}: {
  records: Pick<Records, 'findBy' | 'find'>;
  version: () => number;
}): ScriptIncludes => {
  let known: { readonly version: number; readonly names: Promise<ReadonlySet<string>> } | undefined;
  const readNames = async (): Promise<ReadonlySet<string>> => {
    const rows = await records.find('sys_script_include', 'active=true', { limit: mostIncludes });
    return new Set(rows.map((row) => row.name ?? ''));
  };
  return {
    names() {
      const current = version();
      if (known?.version !== current) {
        known = { version: current, names: readNames() };
        known.names.catch(() => {
          known = undefined;
        });
      }
      return known.names;
    },
    async source(name) {
      const rows = await records.findBy('sys_script_include', { name, active: 'true' }, { limit: 2 });
      if (rows.length > 1)
        throw new Fault('conflict', 'records.ambiguous_script_include', `Several script includes are called ${name}`);
      return rows[0]?.script;
    },
  };
};

/** Topic of the store that is raised by every change of a script include: the `version` that makeScriptIncludes asks for. */
export const scriptIncludesTopic = 'script_includes';

/** Tells every process that script includes changed. */
export const scriptIncludesRule: Rule = {
  name: 'script includes changed',
  tables: ['sys_script_include'],
  applied: (transaction) => transaction.bump(scriptIncludesTopic),
};
