// What people of a consumer may change of the fields that a provider offered: what they are called, when they go, and which of their own fields is
// meant. Fields come and go with the offer alone: nothing leaves under a name that the provider does not know.
import { Fault } from '../../kit/fault.ts';
import type { Rule } from '../../records/records.ts';
import { originOf } from '../origin.ts';
import { fieldAt } from '../remote_task/read_source.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { definitionTable, fieldTable } from './field_map.ts';

const definitions = definitionTable('consumer');
const [taken, sent] = [fieldTable('consumer', 'inbound'), fieldTable('consumer', 'outbound')];
const fixed = ['definition', 'name'] as const;
/** Both sides have to go by the same. */
const agreed = ['provider_table', 'consumer_table', 'conflict_winner', 'maintain_sys_id'] as const;

const isOffered = (explanation: string): Fault =>
  new Fault('conflict', 'exchange.definition_offered', 'This is what the provider offered', { explanation });

export const makeConsumerRules = ({ records }: Pick<TasksParts, 'records'>): readonly Rule[] => [
  {
    name: 'exchange: what a consumer may change of a definition that was offered',
    tables: [definitions],
    async check(_transaction, { operation, before, values, caller }) {
      if (operation === 'delete' || originOf(caller)) return;
      if (operation === 'insert') throw isOffered('It comes with the offer of a provider');
      const element = agreed.find((each) => values[each] !== before[each]);
      if (element) throw isOffered(`${element} is the provider's to set`);
    },
  },
  {
    name: 'exchange: what a consumer may change of the fields of a definition that was offered',
    tables: [taken, sent],
    async check(transaction, { table, operation, before, values, caller }) {
      if (operation === 'delete' || originOf(caller)) return;
      if (operation === 'insert') throw isOffered('Its fields come with the offer of a provider');
      const [own, other] = table.name === sent ? ['source', 'target'] : ['target', 'source'];
      if ([...fixed, other].some((element) => values[element] !== before[element]))
        throw isOffered(`Of this field label, sync_when, active and ${own} are set here`);
      if (values[own] === before[own]) return;
      const match = { sys_id: values.definition ?? '' };
      const [definition] = await records().within(transaction).findBy(definitions, match, { limit: 1 });
      const dictionary = records().dictionary();
      const ours = dictionary.table(definition?.consumer_table ?? '');
      const path = values[own] ?? '';
      const isKnown = ours && (own === 'source' ? fieldAt(dictionary, ours, path) : ours.fields.get(path));
      if (!isKnown) throw isOffered(`The ${own} of ${values.name} is no field here: ${path}`);
    },
  },
];
