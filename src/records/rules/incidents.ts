// What an incident does by itself: priority from impact and urgency, its two states kept equal, resolving and reopening.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import type { Rule } from '../records.ts';

// Rows impact, columns urgency, both from 1 (high) to 3 (low).
const priorities = [
  ['1', '2', '3'],
  ['2', '3', '4'],
  ['3', '4', '5'],
] as const;

/** '' where either is empty or none of the three levels. */
export const priorityOf = (impact: string | undefined, urgency: string | undefined): string =>
  priorities[Number(impact || 0) - 1]?.[Number(urgency || 0) - 1] ?? '';

export const incidentRules = ({ clock }: { clock: Clock }): readonly Rule[] => [
  {
    name: 'state of an incident',
    tables: ['incident'],
    async check(_transaction, { operation, before, values }) {
      if (operation === 'delete') return;
      // Clients write either of the two; the one that changed decides.
      const base = operation === 'insert' ? { state: '1', incident_state: '1' } : before;
      if (values.state !== base.state) values.incident_state = values.state ?? '';
      else if (values.incident_state !== base.incident_state) values.state = values.incident_state ?? '';
    },
  },
  {
    name: 'priority of an incident',
    tables: ['incident'],
    async check(_transaction, { operation, before, values }) {
      if (operation === 'delete') return;
      const isMoved = operation === 'insert' || values.impact !== before.impact || values.urgency !== before.urgency;
      if (isMoved) values.priority = priorityOf(values.impact, values.urgency) || (values.priority ?? '');
    },
  },
  {
    name: 'resolving and reopening an incident',
    tables: ['incident'],
    async check(_transaction, { operation, before, values, caller }) {
      if (operation === 'delete') return;
      const state = values.state;
      if (state === '6' && before.state !== '6') {
        values.resolved_at ||= wireMoment(clock.now());
        values.resolved_by ||= caller.userSysId;
      }
      const wasResolved = before.state === '6' || before.state === '7';
      if (wasResolved && (state === '1' || state === '2' || state === '3')) {
        values.reopen_count = String(Number(before.reopen_count || 0) + 1);
        values.reopened_time = wireMoment(clock.now());
        values.reopened_by = caller.userSysId;
        values.resolved_at = '';
        values.resolved_by = '';
      }
    },
  },
];
