// The calls by which a script changes records. Values are stored forms; rights, rules and stamps are those of any other writer.
import type { HostCall } from './host_parts.ts';
import { textIn, valuesIn } from './input.ts';
import { firstTexts } from './stored_texts.ts';

const insert: HostCall = async (run, input, meter) => {
  meter.query();
  const made = await run.records.insert(run.caller, textIn(input, 'table'), valuesIn(input, 'values'));
  // Who may create but not read still learns the sys_id.
  return { ...firstTexts(run, made), sys_id: made.sysId };
};

const update: HostCall = async (run, input, meter) => {
  meter.query();
  const sysId = textIn(input, 'sys_id');
  const changed = await run.records.update(run.caller, textIn(input, 'table'), sysId, valuesIn(input, 'values'));
  return { ...firstTexts(run, changed), sys_id: sysId };
};

const remove: HostCall = async (run, input, meter) => {
  meter.query();
  await run.records.remove(run.caller, textIn(input, 'table'), textIn(input, 'sys_id'));
  return null;
};

/** What `newRecord()` fills in: the fields' default values. */
const defaults: HostCall = async ({ records }, input) => {
  const table = records.dictionary().table(textIn(input, 'table'));
  const given = [...(table?.fields.values() ?? [])].filter(
    ({ defaultValue }) => defaultValue !== '' && !defaultValue.startsWith('javascript:'),
  );
  return Object.fromEntries(given.map(({ element, defaultValue }) => [element, defaultValue]));
};

export const writing: ReadonlyMap<string, HostCall> = new Map([
  ['insert', insert],
  ['update', update],
  ['remove', remove],
  ['defaults', defaults],
]);
