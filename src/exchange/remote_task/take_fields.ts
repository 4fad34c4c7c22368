// The fields of a peer's message → values of a record here: looked up in the map, translated, judged against what changed here meanwhile,
// written, and told in a work note. What the record's own rules make of them goes back.
import type { Field } from '../../records/dictionary.ts';
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { readFieldVersions } from '../conflict/field_versions.ts';
import { judgeField } from '../conflict/judge_field.ts';
import { localTable, type MappedField, readFieldMap } from '../definition/field_map.ts';
import { peerCaller } from '../origin.ts';
import type { Outcome } from '../seams.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { translate } from '../transform/translate.ts';
import { leaveNote } from './note.ts';
import type { Pair } from './pair.ts';
import type { ReadField, ReadPayload } from './payload.ts';
import type { SendChanges } from './send_changes.ts';

type Place = Pick<Pair, 'definition' | 'connection' | 'side'>;

export interface Taken {
  readonly field: MappedField;
  readonly incoming: ReadField;
  readonly value: string;
  readonly display: string;
}

export type Translations = { values: Record<string, string>; fields: Taken[] } | { refused: string; code: string };

/** What came is what stands, but for a text that was too long for the field here: that is no change to be told. */
const isOnlyCut = (sent: string, stored: string): boolean => stored !== '' && sent.startsWith(stored);

/** As people here read it. */
const wordsFor = (field: Field | undefined, value: string, display: string): string =>
  value === '' ? '(empty)' : (field?.choices.find((choice) => choice.value === value)?.label ?? display);

export const makeTakeFields = ({ records, log }: TasksParts, sendChanges: SendChanges) => {
  /** A reference cannot be sent by sys_id: the one record here that people read the same is meant. Undefined: there is none. */
  const referred = async (within: RecordsInTransaction, field: Field | undefined, value: string, display: string) => {
    if (field?.type !== 'reference' || value === '') return value;
    const shown = records().dictionary().table(field.reference)?.displayField?.element;
    const found = shown === undefined ? [] : await within.findBy(field.reference, { [shown]: display }, { limit: 2 });
    return found.length === 1 ? found[0]?.[field.referenceKey] : undefined;
  };

  const translated = async (
    within: RecordsInTransaction,
    place: Place,
    incoming: readonly ReadField[],
  ): Promise<Translations> => {
    const map = await readFieldMap(within, { ...place, direction: 'inbound' });
    const byName = new Map(map.map((field) => [field.name, field]));
    const table = records().dictionary().table(localTable(place.definition, place.side));
    const fields: Taken[] = [];
    for (const given of incoming) {
      const field = byName.get(given.key);
      if (!field) return { code: 'exchange.unknown_field', refused: `The definition takes no field ${given.key}` };
      if (field.syncWhen === 'never') continue;
      const said = await translate(within, { ...place, direction: 'inbound', field, value: given.value, display: given.display });
      if ('refused' in said) return { code: 'exchange.value_unmapped', refused: said.refused };
      if (said.isUnmapped)
        log.write({ level: 'warning', text: `Exchange: a value for ${field.target} is in no line of its transform` });
      const value = await referred(within, table?.fields.get(field.target), said.value, said.display);
      if (value === undefined)
        log.write({ level: 'warning', text: `Exchange: nothing here is called as the value for ${field.target} says` });
      else fields.push({ field, incoming: given, value, display: said.display });
    }
    return { values: Object.fromEntries(fields.map(({ field, value }) => [field.target, value])), fields };
  };

  const into = async (
    transaction: Transaction,
    { pair, row, payload, company }: { pair: Pair; row: Row; payload: ReadPayload; company: string },
  ): Promise<Outcome> => {
    const within = records().within(transaction);
    const { definition, connection, side, task } = pair;
    const found = await translated(within, pair, payload.fields);
    if ('refused' in found) return { outcome: 'refused', code: found.code, detail: found.refused, permanent: true };
    const versions = await readFieldVersions(within, task.sys_id ?? '');
    const values: Record<string, string> = {};
    const record = { table: row.sys_class_name || pair.correlation.local_table || '', sysId: row.sys_id ?? '' };
    const table = records().dictionary().table(record.table);
    const told: string[] = [];
    const conflicts: string[] = [];
    let staleCount = 0;
    for (const { field, incoming, value, display } of found.fields) {
      const { target, label, syncWhen } = field;
      const known = versions.get(target) ?? { ownVersion: 0, peerVersion: 0, value: '', changedMs: 0 };
      const judgement = judgeField(
        { ...known, value: row[target] ?? '' },
        { ...incoming, value },
        side,
        definition.conflict_winner ?? '',
      );
      if (judgement === 'stale') {
        staleCount += 1;
        continue;
      }
      const [theirs, ours] = [wordsFor(table?.fields.get(target), value, display), row[target] ?? ''];
      if (judgement !== 'won' && value !== ours) told.push(`${label}: ${theirs}`);
      if (judgement === 'won' || judgement === 'lost') {
        const own = wordsFor(table?.fields.get(target), ours, ours);
        const [kept, dropped] = judgement === 'won' ? [own, theirs] : [theirs, own];
        conflicts.push(`${label} was changed on both sides at once: "${kept}" stands, "${dropped}" does not`);
      }
      if (judgement === 'won') await versions.set(target, { ...known, peerVersion: incoming.version });
      else {
        if (syncWhen === 'insert_or_update') values[target] = value;
        const changedMs = Math.max(incoming.atMs, judgement === 'agrees' ? known.changedMs : 0);
        await versions.set(target, { ...known, peerVersion: incoming.version, value: values[target] ?? known.value, changedMs });
      }
    }
    if (found.fields.length > 0 && staleCount === found.fields.length)
      return { outcome: 'ignored', reason: 'What is here is newer' };
    if (told.length + conflicts.length === 0) return { outcome: 'applied' };
    const hops = payload.hops + 1;
    const caller = peerCaller(connection.sys_id ?? '', hops, `sb_user.${connection.connection_id}`);
    const after = await within.update(caller, record.table, record.sysId, values);
    for (const [element, value] of Object.entries(values)) {
      const [known, stored] = [versions.get(element), after[element] ?? ''];
      if (known && isOnlyCut(value, stored)) await versions.set(element, { ...known, value: stored });
    }
    const changed = new Set(Object.keys(after).filter((element) => after[element] !== row[element]));
    await sendChanges(transaction, { pair, row: after, operation: 'update', changed, by: '', hops });
    const who = payload.changedBy === '' ? company : `${payload.changedBy} (${company})`;
    const change = told.length > 0 ? [`Changed by ${who}: ${told.join('; ')}`] : [];
    await leaveNote(within, record, [...change, ...conflicts].join('\n'));
    return { outcome: 'applied' };
  };

  return { translated, into };
};

export type TakeFields = ReturnType<typeof makeTakeFields>;
