// What the demo's two organisations share: incidents of the consumer that are cases of the provider, by the steps of
// docs/exchange_tasks.md, through the Table API. Waits for the other side where an administrator would look again.
import type { Fields, TableClient } from './table_client.ts';

/** The tied pair, by the numbers that people know. */
export interface SharedIncident {
  readonly sysId: string;
  readonly number: string;
  readonly caseNumber: string;
}

interface ShareParts {
  provider: TableClient;
  consumer: TableClient;
  /** `SBC0001001` */
  connection: string;
  /** Resolves after that many milliseconds. */
  wait(delayMs: number): Promise<unknown>;
}

const name = 'Incident to case';
const shared = ['short_description', 'description', 'comments'];
const lookEveryMs = 50;
const lookAtMost = 400;

/** The row, as soon as it is there. Throws Error when it does not come. */
const awaited = async (
  { wait }: Pick<ShareParts, 'wait'>,
  client: TableClient,
  table: string,
  query: string,
): Promise<Fields> => {
  for (let looked = 0; looked < lookAtMost; looked += 1) {
    const [row] = await client.list(table, query);
    if (row) return row;
    await wait(lookEveryMs);
  }
  throw new Error(`The demo's ${table} did not arrive: ${query}`);
};

const publish = async (provider: TableClient): Promise<string> => {
  const table = 'sn_sb_pro_remote_task_def';
  const [known] = await provider.list(table, `name=${name}^state=published`);
  if (known) return known.sys_id ?? '';
  const made = await provider.create(table, {
    name,
    provider_table: 'sn_customerservice_case',
    consumer_table: 'incident',
    conflict_winner: 'latest',
    send_attachments: 'true',
  });
  const definition = made.sys_id ?? '';
  for (const direction of ['inbound', 'outbound'])
    for (const field of shared)
      await provider.create(`${table}_${direction}_field`, {
        definition,
        name: field,
        label: field,
        source: field,
        target: field,
        sync_when: 'insert_or_update',
      });
  await provider.update(table, definition, { state: 'published' });
  return definition;
};

const activate = async (parts: ShareParts, definition: string, connection: string): Promise<Fields> => {
  const table = 'sn_sb_con_remote_task_def';
  const offer = await awaited(parts, parts.consumer, table, `provider_definition=${definition}^connection=${connection}`);
  return parts.consumer.update(table, offer.sys_id ?? '', { state: 'published' });
};

/**
 * Also lets the consumer's queue behave as the original's: while the provider refuses it, rows go to Error, so that there is a queue to
 * recover. Safe to repeat: what an earlier demo shared on this connection is found again. Throws Error with the instance's words.
 */
export const shareIncidents = async (parts: ShareParts): Promise<SharedIncident> => {
  const { provider, consumer, connection } = parts;
  const onConnection = `connection.connection_id=${connection}`;
  const [known] = await consumer.list('sn_sb_con_remote_task', `${onConnection}^definition.name=${name}`);
  const [link] = await consumer.list('sn_sb_connection', `connection_id=${connection}`);
  const connectionId = link?.sys_id ?? '';
  const task =
    known ??
    (await consumer.create('sn_sb_con_remote_task', {
      definition: (await activate(parts, await publish(provider), connectionId)).sys_id ?? '',
      connection: connectionId,
      parent:
        (await consumer.create('incident', { short_description: 'The label printer in the warehouse is offline' })).sys_id ?? '',
    }));
  await consumer.put('sys_properties', 'name=sn_transport.compat_auth_errors', { value: 'true' });
  const mirror = await awaited(parts, provider, 'sn_sb_pro_remote_task', `number=${task.number}^parentISNOTEMPTY`);
  const [incident] = await consumer.list('incident', `sys_id=${task.parent}`);
  const [theirs] = await provider.list('sn_customerservice_case', `sys_id=${mirror.parent}`);
  return { sysId: task.parent ?? '', number: incident?.number ?? '', caseNumber: theirs?.number ?? '' };
};
