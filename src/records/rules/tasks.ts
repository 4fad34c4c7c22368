// What every task does when it is made or closed.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import type { Rule } from '../records.ts';

const closedStates: ReadonlySet<string> = new Set(['3', '4', '7']);

/** States in which a record of this class is over. */
export const isClosed = (className: string, state: string | undefined): boolean =>
  className === 'incident' ? state === '7' || state === '8' : closedStates.has(state ?? '');

export const taskRules = ({ clock }: { clock: Clock }): readonly Rule[] => [
  {
    name: 'effective number of a task',
    tables: ['task'],
    async check(_transaction, { operation, values }) {
      if (operation !== 'delete') values.task_effective_number = values.number ?? '';
    },
  },
  {
    name: 'closing and reassigning a task',
    tables: ['task'],
    async check(_transaction, { table, operation, before, values, caller }) {
      if (operation === 'delete') return;
      const isOver = isClosed(table.name, values.state);
      const wasOver = operation === 'update' && isClosed(table.name, before.state);
      if (isOver && !wasOver) {
        values.active = 'false';
        values.closed_at ||= wireMoment(clock.now());
        values.closed_by ||= caller.userSysId;
      }
      if (wasOver && !isOver) Object.assign(values, { active: 'true', closed_at: '', closed_by: '' });
      if (operation === 'update' && before.assigned_to && values.assigned_to && before.assigned_to !== values.assigned_to) {
        values.reassignment_count = String(Number(before.reassignment_count || 0) + 1);
      }
    },
  },
];
