// Files between a provider task at the provider and the work behind it: what a consumer attaches is put on the work as well, and what people attach
// to the work goes to the consumers. What one consumer attached never goes to another.
import { copyChunks } from '../../records/attachments/chunks.ts';
import { type Caller, inNameOf } from '../../records/caller.ts';
import type { Row, Rule } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { mostFileBytes } from '../attachment/send_files.ts';
import { originOf } from '../origin.ts';
import { leaveNote } from '../remote_task/note.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { findWork } from './open_task.ts';

const table = 'sn_sb_pro_provider_task';

const copied = ['file_name', 'content_type', 'size_bytes', 'size_compressed', 'compressed', 'hash', 'chunk_size_bytes'] as const;

export const makeShareFiles = ({ records, ids }: Pick<TasksParts, 'records' | 'ids'>): Rule => {
  const copy = async (transaction: Transaction, caller: Caller, file: Row, onto: Row): Promise<void> => {
    const within = records().within(transaction);
    const sys_id = ids.sysId();
    await copyChunks(transaction, file.sys_id ?? '', sys_id);
    await within.insert(caller, 'sys_attachment', {
      ...Object.fromEntries(copied.map((element) => [element, file[element] ?? ''])),
      sys_id,
      table_name: onto.sys_class_name || 'task',
      table_sys_id: onto.sys_id ?? '',
    });
  };

  return {
    name: 'exchange: files of provider tasks and of the work behind them',
    tables: ['sys_attachment'],
    async applied(transaction, { operation, after: file, caller }) {
      if (operation !== 'insert' || !file.table_sys_id) return;
      const within = records().within(transaction);
      const origin = originOf(caller);
      if (origin) {
        if (file.table_name !== table || origin.connection === '') return;
        const [task] = await within.findBy(table, { sys_id: file.table_sys_id }, { limit: 1 });
        const work = await findWork(within, task?.parent);
        if (work) await copy(transaction, caller, file, work);
        return;
      }
      const tasks = await within.findBy(table, { parent: file.table_sys_id });
      const open = tasks.filter(({ status }) => status === 'new' || status === 'connected');
      if (open.length > 0 && Number(file.size_bytes || 0) > mostFileBytes) {
        const note = `The file ${file.file_name} was not sent: it is larger than ${mostFileBytes} bytes`;
        await leaveNote(within, { table: file.table_name ?? '', sysId: file.table_sys_id }, note);
        return;
      }
      for (const task of open) await copy(transaction, inNameOf(caller), file, task);
    },
  };
};
