// Tells people at the source what became of their change at the peer: a refusal stands on the record and on its remote task.
import { isFault } from '../../kit/fault.ts';
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { correlationByLocalId } from '../correlation/correlations.ts';
import { noteCaller } from '../origin.ts';
import type { Settler } from '../seams.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { markFields } from './mark_fields.ts';
import { leaveNote } from './note.ts';
import { companyName, findConnection, findTie } from './pair.ts';

const set = async (within: RecordsInTransaction, task: Row, values: Record<string, string>): Promise<void> => {
  try {
    await within.update(noteCaller, task.sys_class_name ?? '', task.sys_id ?? '', values);
  } catch (error) {
    // Settlers must not fail: a message that was settled stays settled.
    if (!isFault(error)) throw error;
  }
};

const isFirstPiece = (payload: unknown): boolean => (payload as { position?: unknown } | null)?.position === 0;

export const makeOutcomeSettler = ({ records }: Pick<TasksParts, 'records'>): Settler => ({
  kinds: ['record', 'journal', 'attachment'],
  async settled(transaction, message, outcome, source) {
    const within = records().within(transaction);
    const correlation = await correlationByLocalId(within, message.correlationId);
    const task = correlation && (await findTie(within, correlation.remote_task));
    if (!task) return;
    if (outcome.outcome === 'refused' || outcome.outcome === 'skipped') {
      const connection = await findConnection(within, task.connection);
      const company = connection ? await companyName(within, connection) : '';
      const [code, why] = outcome.outcome === 'refused' ? [outcome.code, outcome.detail] : ['exchange.skipped', outcome.reason];
      if (message.kind === 'record') await markFields(within, task, message.payload, true);
      if (source) await leaveNote(within, source, `Not applied by ${company}: ${why} (${code})`);
      const isBeginning = message.kind === 'record' && message.operation === 'insert';
      await set(within, task, {
        refusal_code: code,
        refusal_detail: why,
        ...(isBeginning ? { status: 'error', status_reason: why } : {}),
      });
      return;
    }
    if (message.kind === 'attachment' && outcome.outcome === 'ignored' && source && isFirstPiece(message.payload))
      await leaveNote(within, source, `Not taken by the peer: ${outcome.reason}`);
    if (message.kind === 'record' && task.status === 'new') await set(within, task, { status: 'connected' });
    if (message.kind === 'record' && task.refusal_code) await markFields(within, task, message.payload, false);
    if (task.refusal_code) await set(within, task, { refusal_code: '', refusal_detail: '' });
  },
});
