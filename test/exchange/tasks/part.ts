// A consumer and a provider in one process: two record layers on two databases, the real queue between them, and a wire that a test can
// hold. For the tests of shared tasks.
import { randomBytes } from 'node:crypto';
import { type Catalog, makeCatalog } from '../../../src/catalog/catalog.ts';
import type { Carrier } from '../../../src/exchange/carriers/carrier.ts';
import { type TaskFeature, taskFeatures } from '../../../src/exchange/definition/needed_features.ts';
import { readBatch } from '../../../src/exchange/envelope/read_batch.ts';
import { readResults } from '../../../src/exchange/envelope/read_results.ts';
import { makeExchangeTasks } from '../../../src/exchange/make_exchange_tasks.ts';
import { makeTransport, type Transport } from '../../../src/exchange/transport.ts';
import { systemClock } from '../../../src/kit/clock.ts';
import { makeIds } from '../../../src/kit/ids.ts';
import { makeSealer } from '../../../src/kit/seal.ts';
import { type Caller, systemCaller } from '../../../src/records/caller.ts';
import { openRecords } from '../../../src/records/open_records.ts';
import type { Records, Row, Rule } from '../../../src/records/records.ts';
import { openStore } from '../../../src/store/open_store.ts';
import type { Store } from '../../../src/store/store.ts';
import type { Engine } from '../../parts/engines.ts';
import { madeInstance } from '../../parts/made_instance.ts';
import { untilTrue } from '../../parts/until_true.ts';

type Words = Record<string, string>;

export interface Side {
  readonly store: Store;
  readonly records: Records;
  readonly rules: Rule[];
  readonly transport: Transport;
  readonly catalog: Catalog;
  readonly log: string[];
  /** As a peer asks that has lost something. */
  readonly sayAgain: ReturnType<typeof makeExchangeTasks>['sayAgain'];
  /** What it can do; a test takes some away. */
  readonly features: TaskFeature[];
  /** sys_id of its connection row. */
  readonly connection: string;
  insert(table: string, values: Words, caller?: Caller): Promise<string>;
  update(table: string, sysId: string, values: Words, caller?: Caller): Promise<void>;
  /** The one row that matches; undefined where none does. */
  one(table: string, match: Words): Promise<Row | undefined>;
  /** Texts of a journal field, oldest first. */
  journal(sysId: string, element: string): Promise<string[]>;
}

export interface Pair {
  readonly consumer: Side;
  readonly provider: Side;
  /** Delivers every POST that often. */
  copies: number;
  /** Nothing crosses until `release`. */
  hold(): void;
  release(): void;
  /** Waits until neither side has anything left to send. */
  settled(): Promise<void>;
  /** Rows sent so far by both. */
  sentCount(): Promise<number>;
  close(): Promise<void>;
}

export const person = (displayName: string): Caller => ({
  ...systemCaller,
  isSystem: false,
  userSysId: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  userName: displayName.toLowerCase().replace(' ', '.'),
  displayName,
});

export const openTasksPair = async (engine: Engine): Promise<Pair> => {
  const closers: (() => Promise<unknown>)[] = [];
  const wire = { gate: Promise.resolve(), open: () => {}, copies: 1 };

  const openSide = async (kind: 'consumer' | 'provider', peer: () => Side, company: string): Promise<Side> => {
    const database = await madeInstance(engine);
    const store = await openStore({ location: database.location, clock: systemClock, random: Math.random });
    closers.push(async () => {
      await store.close();
      await database.drop();
    });
    const ids = makeIds(systemClock);
    const rules: Rule[] = [];
    const log: string[] = [];
    const keeper = { write: (line: { text: string }) => void log.push(line.text) };
    const sealer = makeSealer(randomBytes(32));
    const opened = await openRecords({ store, clock: systemClock, ids, sealer, rules });
    const { records } = opened;
    const features: TaskFeature[] = [...taskFeatures];
    const tasks = makeExchangeTasks({
      features,
      records: () => records,
      store,
      enqueue: (transaction, outgoing) => transport.enqueue(transaction, outgoing),
      supersede: (transaction, lane, what) => transport.supersede(transaction, lane, what),
      clock: systemClock,
      ids,
      log: keeper as never,
    });
    rules.push(...tasks.rules);
    const companyRow = await records.write((transaction) =>
      records.within(transaction).insert(systemCaller, 'core_company', { name: company }),
    );
    const table = kind === 'provider' ? 'sn_sb_pro_consumer_connection' : 'sn_sb_con_provider_connection';
    const row = await records.write((transaction) =>
      records.within(transaction).insert(systemCaller, table, {
        connection_id: 'SBC0001001',
        company: companyRow.sys_id ?? '',
        peer_url: 'https://peer.example',
        state: 'onboarded',
        active: 'true',
      }),
    );
    const connection = row.sys_id ?? '';
    const view = { sysId: connection, connectionId: 'SBC0001001', row };
    const carrier: Carrier = {
      name: 'direct',
      async send(_link, body) {
        await wire.gate;
        const to = peer();
        const peerView = { sysId: to.connection, connectionId: 'SBC0001001', row: {} };
        let answer: Awaited<ReturnType<Transport['receive']>> = [];
        for (let copy = 0; copy < wire.copies; copy += 1)
          answer = await to.transport.receive(peerView, readBatch(JSON.parse(body), peerView.sysId, systemClock.now()));
        const results = readResults(Buffer.from(JSON.stringify({ results: answer }))) ?? [];
        return { kind: 'answered', results, roundTripMs: 1 };
      },
    };
    const transport = makeTransport({
      store,
      clock: systemClock,
      ids,
      random: Math.random,
      log: keeper as never,
      properties: opened.properties,
      carrier,
      book: {
        ofCaller: async () => view,
        get: async () => view,
        isThere: async () => true,
        // Of another connection that a test makes, everything waits.
        link: async (asked) =>
          asked !== connection
            ? undefined
            : {
                baseUrl: 'http://127.0.0.1:1',
                connectionId: 'SBC0001001',
                incarnation: '',
                token: async () => 'token',
                refused: async () => {},
              },
      },
      events: { delivered() {}, failed() {}, received() {} },
      worker: 'first',
      appliers: tasks.appliers,
      settlers: tasks.settlers,
    });
    rules.push(...transport.rules);
    closers.push(() => transport.stop());
    return {
      store,
      records,
      rules,
      transport,
      catalog: makeCatalog({ records, deliverers: () => tasks.deliverers }),
      log,
      features,
      sayAgain: tasks.sayAgain,
      connection,
      insert: async (into, values, caller = systemCaller) => (await records.insert(caller, into, values)).sysId,
      update: async (into, sysId, values, caller = systemCaller) => void (await records.update(caller, into, sysId, values)),
      one: async (from, match) => (await records.findBy(from, match, { limit: 1 }))[0],
      async journal(sysId, element) {
        const rows = await records.findBy('sys_journal_field', { element_id: sysId, element });
        return rows.sort((a, b) => ((a.sys_id ?? '') < (b.sys_id ?? '') ? -1 : 1)).map(({ value = '' }) => value);
      },
    };
  };

  const consumer: Side = await openSide('consumer', () => provider, 'Provider Ltd');
  const provider: Side = await openSide('provider', () => consumer, 'Consumer Inc');
  await Promise.all([consumer.transport.start(), provider.transport.start()]);

  const count = async ({ store, connection }: Side, states: string): Promise<number> => {
    const rows = await store.read(
      `SELECT count(*) FROM sn_transport_queue WHERE connection = '${connection}' AND direction = 'outbound' AND state IN (${states})`,
    );
    return Number(rows[0]?.[0]);
  };
  return {
    consumer,
    provider,
    get copies() {
      return wire.copies;
    },
    set copies(number) {
      wire.copies = number;
    },
    hold() {
      wire.gate = new Promise((resolve) => {
        wire.open = resolve;
      });
    },
    release: () => wire.open(),
    async settled() {
      const waiting = "'ready', 'running', 'sent'";
      let calm = 0;
      await untilTrue(async () => {
        const left = (await count(consumer, waiting)) + (await count(provider, waiting));
        calm = left === 0 ? calm + 1 : 0;
        return calm >= 2;
      });
    },
    sentCount: async () => {
      const all = "'ready', 'running', 'sent', 'processed', 'error'";
      return (await count(consumer, all)) + (await count(provider, all));
    },
    async close() {
      wire.open();
      for (const close of closers.toReversed()) await close();
    },
  };
};

const fields: readonly [
  name: string,
  consumer: string,
  provider: string,
  direction: 'to_provider' | 'to_consumer' | 'both',
  when?: string,
][] = [
  ['title', 'short_description', 'short_description', 'both'],
  ['details', 'description', 'description', 'both'],
  ['state', 'state', 'state', 'both'],
  ['caller_mail', 'caller_id.email', 'cause', 'to_provider', 'insert'],
  ['case_number', 'correlation_display', 'number', 'to_consumer'],
  ['comments', 'comments', 'comments', 'both'],
  ['notes', 'work_notes', 'work_notes', 'to_provider'],
];

/** A definition incident ↔ case, in service on both sides. */
export const define = async (pair: Pair, more: Words = {}): Promise<{ ofConsumer: string; ofProvider: string }> => {
  const { consumer, provider } = pair;
  const words = { name: 'Incident to case', provider_table: 'sn_customerservice_case', consumer_table: 'incident', ...more };
  const ofProvider = await provider.insert('sn_sb_pro_remote_task_def', words);
  for (const [name, here, there, direction, when = 'insert_or_update'] of fields) {
    const own = { definition: ofProvider, name, label: name, sync_when: when };
    if (direction !== 'to_consumer')
      await provider.insert('sn_sb_pro_remote_task_def_inbound_field', { ...own, source: here, target: there });
    if (direction !== 'to_provider')
      await provider.insert('sn_sb_pro_remote_task_def_outbound_field', { ...own, source: there, target: here });
  }
  await provider.update('sn_sb_pro_remote_task_def', ofProvider, { state: 'published' });
  await pair.settled();
  const offered = await consumer.one('sn_sb_con_remote_task_def', { provider_definition: ofProvider });
  const ofConsumer = offered?.sys_id ?? '';
  await consumer.update('sn_sb_con_remote_task_def', ofConsumer, { state: 'published' });
  await pair.settled();
  return { ofConsumer, ofProvider };
};

/** An incident tied to a case, both settled. */
export const connect = async (
  pair: Pair,
  definition: string,
  incident: Words = { short_description: 'Printer on fire' },
): Promise<{ incident: string; task: string; caseId: string }> => {
  const { consumer, provider } = pair;
  const id = await consumer.insert('incident', incident);
  const task = await consumer.insert('sn_sb_con_remote_task', {
    parent: id,
    definition,
    connection: consumer.connection,
  });
  await pair.settled();
  const number = (await consumer.one('sn_sb_con_remote_task', { sys_id: task }))?.number ?? '';
  const counterpart = await provider.one('sn_sb_pro_remote_task', { number });
  return { incident: id, task, caseId: counterpart?.parent ?? '' };
};

export const adminOf = async ({ records }: Side): Promise<Caller> => {
  const [admin] = await records.findBy('sys_user', { user_name: 'admin' }, { limit: 1 });
  return { ...person('System Administrator'), userSysId: admin?.sys_id ?? '', roles: new Set(['admin']) };
};

/** An item of the catalogue with two variables, active on both sides. */
export const offerItem = async (pair: Pair, more: Words = {}): Promise<{ ofConsumer: string; ofProvider: string }> => {
  const { consumer, provider } = pair;
  const words = { name: 'New laptop', short_description: 'A laptop for somebody', ...more };
  const ofProvider = await provider.insert('sn_sb_pro_remote_record_producer', words);
  const size = { cat_item: ofProvider, name: 'size', question_text: 'Size', type: '5', mandatory: 'true', order: '1' };
  const question = await provider.insert('item_option_new', size);
  for (const [value, text] of [
    ['s', 'Small'],
    ['l', 'Large'],
  ] as const)
    await provider.insert('question_choice', { question, value, text });
  const why = { cat_item: ofProvider, name: 'why', question_text: 'Reason', order: '2', default_value: 'Because' };
  await provider.insert('item_option_new', { ...why, map_to_field: 'true', field: 'cause' });
  await provider.update('sn_sb_pro_remote_record_producer', ofProvider, { state: 'published' });
  await pair.settled();
  const copy = await consumer.one('sn_sb_con_remote_record_producer', { provider_definition: ofProvider });
  const ofConsumer = copy?.sys_id ?? '';
  await consumer.update('sn_sb_con_remote_record_producer', ofConsumer, { state: 'published' });
  await pair.settled();
  return { ofConsumer, ofProvider };
};
