// The only place that wires: settings → log → store → records → identity → doors. Starts and stops in order.
// It must not hold a rule of the product.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeCatalog } from './catalog/catalog.ts';
import { databaseOf, type Settings } from './config.ts';
import { startDoctor } from './doctor/schedule.ts';
import { openExchange } from './exchange/exchange.ts';
import { makeApis } from './http/apis.ts';
import { makeApp } from './http/app.ts';
import { makeBaseAddress } from './http/base_address.ts';
import { makeInside } from './http/batch/inside.ts';
import { closeApp } from './http/close_app.ts';
import { makeClosedApis } from './http/closed_apis.ts';
import { makeCors } from './http/cors/cors.ts';
import { confineIntegrationUser } from './http/exchange/peers_only.ts';
import { makeRegistrationDoor } from './http/exchange/registration_door.ts';
import { makeHealth } from './http/health.ts';
import { makeCommandLineDoors } from './http/oauth/command_line.ts';
import { makeOAuthDoors } from './http/oauth/doors.ts';
import { makeScriptedApis } from './http/scripted/scripted_apis.ts';
import { makeSay } from './http/table/say.ts';
import { shownNames } from './http/table/shown_names.ts';
import { makeTinyUrls } from './http/tiny_url/tiny_urls.ts';
import { makeTransactions } from './http/transactions.ts';
import { welcomePage } from './http/welcome_page.ts';
import { type IdentityRoom, makeIdentity } from './identity/make_identity.ts';
import { makeIdentityRules } from './identity/rules/index.ts';
import { makeImports } from './imports/make_imports.ts';
import { makeImportRules } from './imports/rules/index.ts';
import type { Clock } from './kit/clock.ts';
import { makeIds } from './kit/ids.ts';
import type { Patience } from './kit/listen.ts';
import { type LogListeners, makeLocalhostLog } from './kit/localhost_log.ts';
import { makeFolder } from './kit/make_folder.ts';
import { hostInUrl, openPort } from './kit/open_port.ts';
import { makeOutbound } from './kit/outbound.ts';
import { loadInstanceKey, makeSealer } from './kit/seal.ts';
import { every } from './kit/timer.ts';
import { makeOAuth, makeOAuthBase, type OAuthRoom } from './oauth/oauth.ts';
import { oauthTopic } from './oauth/revoke_tokens.ts';
import { makeSessionMethod } from './oauth/sessions.ts';
import { showSecretsOnce } from './oauth/show_once.ts';
import { makeSignIn } from './oauth/sign_in.ts';
import { makeAttachments } from './records/attachments/attachments.ts';
import { systemCaller } from './records/caller.ts';
import { makeCallLimits } from './records/limits/call_limits.ts';
import { openRecords } from './records/open_records.ts';
import type { Records, Rule } from './records/records.ts';
import { purgeLogs } from './records/retention.ts';
import { makeTransactionLog } from './records/transaction_log.ts';
import { makeScripting } from './scripting/make_scripting.ts';
import { openTransformScripts } from './scripting/transform_scripts.ts';
import { openStore } from './store/open_store.ts';

export interface InstanceParts extends LogListeners {
  settings: Settings;
  clock: Clock;
  /** From 0 to 1; spreads retries of the store. */
  random: () => number;
  /** Called at the first start when no password was given: to be shown at once, as a start that fails later makes no second one. */
  showPassword?: (adminPassword: string) => void;
  /** For a port that a predecessor is still letting go of. */
  patience?: Patience;
}

export interface Instance {
  /** Public address, for links and people. */
  readonly baseUrl: string;
  /** The address listened on, whatever proxies stand before it. */
  readonly localUrl: string;
  readonly logFile: string;
  readonly records: Records;
  /** Removes what has served its time; a timer does so every quarter of an hour. */
  purge(): Promise<void>;
  /** Finishes what is running, then lets go of everything. Safe to call twice. */
  stop(): Promise<void>;
}

const bodyLimitBytes = 10_485_760;
const headerLimitBytes = 262_144;
/** Of the APIs that the instance itself has, and of those that clients look for. */
const reservedNamespaces = ['now', 'causeway', 'sn_sb', 'sn_transport', 'sn_sc', 'sn_cicd', 'sn_chg_rest'];
/** Imports that another process left behind are taken up within this time. */
const lookForImportsMs = 5_000;
const purgeEveryMs = 900_000;
const stopLimitMs = 10_000;

/** What is open so far, so that a start that fails half way closes it in reverse order. */
const makeClosers = () => {
  const closers: (() => Promise<unknown>)[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    for (const close of closers.toReversed()) await close();
  };
  return {
    add: (close: () => Promise<unknown>) => void closers.push(close),
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
};

/** A serving instance. Throws Fault with a sentence when it cannot serve; nothing stays open then. */
export const startInstance = async (parts: InstanceParts): Promise<Instance> => {
  const closers = makeClosers();
  try {
    return await wire(parts, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
};

const wire = async (parts: InstanceParts, closers: ReturnType<typeof makeClosers>): Promise<Instance> => {
  const { settings, clock } = parts;
  await makeFolder(settings.data);
  const ids = makeIds(clock);
  const logDirectory = join(settings.data, 'logs');
  const log = makeLocalhostLog({ clock, dir: logDirectory, echo: parts.echo, copyTo: parts.copyTo });
  closers.add(() => log.close());
  const instanceKey = await loadInstanceKey(settings.data, settings.instanceKey || undefined);
  const sealer = makeSealer(instanceKey);
  const store = await openStore({ location: databaseOf(settings), clock, random: parts.random });
  closers.add(() => store.close());
  const outbound = makeOutbound({ clock });
  closers.add(() => outbound.close());

  const rules: Rule[] = [];
  const { adminPassword, demoData } = settings;
  const opened = await openRecords({ store, clock, ids, sealer, rules, demoData, adminPassword });
  const { records, properties } = opened;
  if (opened.generatedAdminPassword !== undefined) parts.showPassword?.(opened.generatedAdminPassword);
  rules.push(...makeIdentityRules({ outbound, clock, records: () => records }));
  const { rights } = opened;
  const scripting = await makeScripting({ records, store, properties, rights, clock, ids, reservedNamespaces });
  closers.add(() => scripting.close());
  rules.push(...scripting.rules);

  const imports = makeImports({
    records,
    rights,
    topics: store,
    properties,
    clock,
    ids,
    log,
    outbound,
    sealer,
    openScripts: (lane) => openTransformScripts(scripting.runner, { host: () => scripting.hostFor(systemCaller), lane }),
  });
  rules.push(...makeImportRules(records.dictionary));

  const oauthParts = { records, topics: store, clock, ids, sealer, instanceKey, properties };
  const oauthBase = makeOAuthBase(oauthParts);
  rules.push(...oauthBase.rules);
  const { accessTokens } = oauthBase;
  const moreMethods = [oauthBase.apiKeys(() => identity.users), makeSessionMethod(() => oauth.sessions)];
  const identity: IdentityRoom = makeIdentity({
    records,
    topics: store,
    clock,
    log,
    outbound,
    properties,
    accessTokens,
    provisioner: imports.provisioner,
    moreMethods,
    moreTopics: [oauthTopic],
  });
  closers.add(() => identity.close());

  let port = 0;
  let isServing = false;
  const localUrl = () => `http://${hostInUrl(settings.host)}:${port}`;
  const oauth: OAuthRoom = makeOAuth({
    ...oauthParts,
    base: oauthBase,
    log,
    outbound,
    users: identity.users,
    refusals: {
      note(row) {
        identity.refusals.note(row);
        exchange.links.heardRefusal(row);
      },
    },
    signIn: makeSignIn(identity),
    issuer: () => settings.baseUrl || localUrl(),
  });
  const exchange = await openExchange({
    ...oauthParts,
    place: { folder: settings.data, location: databaseOf(settings), baseUrl: settings.baseUrl },
    store,
    random: parts.random,
    log,
    outbound,
    openSecret: sealer.open,
    ownUrl: oauth.issuer,
    revokeTokens: oauth.revoke.matching,
    worker: `${hostname()} ${settings.data}`.slice(-60),
  });
  closers.add(exchange.forget);
  rules.push(...exchange.rules);
  const namesFor = shownNames(records);
  const attachments = makeAttachments({ store, records, properties, clock, ids });
  const tinyUrls = makeTinyUrls({ records, ids, clock });
  const inside = makeInside({ ids });
  const warn = (text: string) => log.write({ level: 'warning', text });
  const transactionLog = makeTransactionLog({ store, clock, ids, warn });
  closers.add(() => transactionLog.close());
  const keyHeaders = async () => (await oauthBase.policies.keyProfiles()).map(({ parameter }) => parameter);
  const scripted = makeScriptedApis({ ...scripting, rights: scripting.endpointRights, properties, keyHeaders, log });
  const app = makeApp({
    identity: inside.around(identity),
    doors: [
      welcomePage,
      ...makeOAuthDoors(oauth),
      ...makeCommandLineDoors(oauth, identity),
      makeRegistrationDoor(exchange.links),
    ],
    admit(identified, call) {
      confineIntegrationUser(identified.caller, call.api);
      return oauth.admit(identified, call);
    },
    isClosed: makeClosedApis({ properties, store }),
    carriedTokens: oauth.carriedTokens,
    limits: makeCallLimits({ store, clock }),
    cors: makeCors({ records }),
    restoreQuery: tinyUrls.restore,
    apis: makeApis({
      records: showSecretsOnce(imports.records, ids),
      properties,
      say: makeSay({ dictionary: records.dictionary, namesFor }),
      namesFor,
      attachments,
      imports,
      inside,
      tinyUrls,
      clock,
      explainToken: identity.explainToken,
      manageTokens: oauth.manageTokens,
      exchange,
      scripted,
      catalog: makeCatalog({ records, deliverers: () => exchange.deliverers }),
    }),
    scripted,
    health: makeHealth({ clock, isServing: () => isServing, ping: () => store.read('SELECT 1') }),
    transactions: makeTransactions({ clock, ids, log, properties, topics: store, record: transactionLog.add }),
    baseAddress: makeBaseAddress({ ...settings, listening: localUrl }),
    log,
    clock,
    ids,
    bodyLimitBytes,
    headerLimitBytes,
  });
  inside.open(app);
  await app.ready();
  closers.add(() => closeApp(app, clock, stopLimitMs));
  port = await openPort(app.server, settings, parts.patience);

  const purge = async () => {
    await identity.purge();
    await oauth.purge.run();
    await attachments.purge();
    await purgeLogs({ store, clock, properties });
    await tinyUrls.purge();
    await imports.purge();
    await exchange.purge();
    await oauth.rotateKeys();
  };
  const purgeTimer = every(clock, purgeEveryMs, purge, (error) => {
    log.write({ level: 'warning', text: `Purge failed, and will be tried again: ${(error as Error).message}` });
  });
  closers.add(() => purgeTimer.stop());
  const importTimer = every(clock, lookForImportsMs, imports.jobs.drain, (error) => {
    log.write({ level: 'warning', text: `Background imports stopped, and will go on: ${(error as Error).message}` });
  });
  // Both at once: the timer's run under way ends only when the import is told to.
  closers.add(() => Promise.all([importTimer.stop(), imports.close()]));
  await exchange.start();
  closers.add(() => exchange.stop());
  const doctor = startDoctor({ records, clock, log, properties, name: oauth.issuer });
  closers.add(() => doctor.stop());
  isServing = true;
  return {
    baseUrl: settings.baseUrl || localUrl(),
    localUrl: localUrl(),
    logFile: join(logDirectory, 'localhost_log.txt'),
    records,
    purge,
    stop() {
      isServing = false;
      return closers.close();
    },
  };
};
