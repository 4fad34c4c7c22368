// What is left behind when a credential is refused: the lines of the localhost log and one row in causeway_refusal.
// Must not hold up the answer, and must not let a flood of refusals fill memory or disk.
import { type Clock, wireMoment } from '../kit/clock.ts';
import { isFault } from '../kit/fault.ts';
import { fingerprint } from '../kit/fingerprint.ts';
import { cleanLogText, type LocalhostLog } from '../kit/localhost_log.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records, Values } from '../records/records.ts';
import type { Credential } from './credential.ts';
import type { Knock } from './identity.ts';
import type { Refusal } from './refusal.ts';

export interface Refusals {
  /** Lines at once, row soon after. */
  write(refusal: Refusal, knock: Knock, credential: Credential): void;
  /** A row for what another room refused or revoked (token endpoint, API scopes, exchange). `leg` says which. */
  note(row: RefusalRow): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface RefusalRow {
  reason: string;
  leg: string;
  transactionId?: string;
  path?: string;
  scheme?: string;
  entity?: string;
  configuration?: string;
  expected?: string;
  got?: string;
  userSysId?: string;
  tokenFingerprint?: string;
  detail?: string;
  remoteAddress?: string;
}

// Who reads the row right after the 401 finds it, and the refusals of one burst still share a commit.
const flushMs = 2;
// A burst is recorded whole; a flood is sampled, and said to be.
const burstRows = 1_000;
const rowsPerSecond = 200;
const textLimit = 1_000;

/** Says which resource, not which record. */
const pathTemplate = (path: string): string => path.replace(/(?<=\/)[0-9a-f]{32}(?=\/|$)/gi, '{sys_id}').slice(0, 255);

const lineOf = ({ reason, facts }: Refusal): string =>
  facts.line ?? `Authentication failed: ${reason}, expected ${facts.expected ?? 'a credential'}, got ${facts.got ?? 'none'}`;

// A claim or key id may hold somebody's token: what is kept of them is cleaned like a log line.
const kept = (text: string | undefined, limit = textLimit): string => cleanLogText(text ?? '').slice(0, limit);

const valuesOf = (row: RefusalRow, time: string): Values => ({
  time,
  reason: row.reason,
  leg: row.leg,
  transaction_id: row.transactionId ?? '',
  path_template: pathTemplate(kept(row.path)),
  scheme: row.scheme ?? '',
  entity: row.entity ?? '',
  configuration: row.configuration ?? '',
  expected: kept(row.expected),
  got: kept(row.got),
  user: row.userSysId ?? '',
  token_fingerprint: row.tokenFingerprint ?? '',
  detail: kept(row.detail, 4 * textLimit),
  remote_address: (row.remoteAddress ?? '').slice(0, 64),
});

export const makeRefusals = (parts: {
  records: Pick<Records, 'write' | 'within'>;
  clock: Clock;
  log: LocalhostLog;
}): Refusals => {
  const { records, clock, log } = parts;
  let waiting: Values[] = [];
  let dropped = 0;
  let allowance = burstRows;
  let refilledAtMs = clock.now();
  let cancelTimer: (() => void) | undefined;
  let writing: Promise<void> | undefined;
  let isClosed = false;

  const store = async (): Promise<void> => {
    const [rows, lost] = [waiting, dropped];
    [waiting, dropped] = [[], 0];
    if (lost > 0)
      log.write({ level: 'warning', text: `${lost} refusals were not recorded: more came than are written in that time` });
    if (rows.length === 0) return;
    try {
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        for (const row of rows) await within.insert(systemCaller, 'causeway_refusal', row);
      });
    } catch (error) {
      // The answer went out long ago; the log lines stand. Anything but an expected failure is still said by its kind.
      const why = isFault(error) ? error.code : (error as Error).name;
      log.write({ level: 'warning', text: `${rows.length} refusals were not recorded: ${why}` });
    }
  };

  const start = (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    writing ??= store().finally(() => {
      writing = undefined;
      if (waiting.length > 0 && !isClosed) cancelTimer ??= clock.after(flushMs, () => void start());
    });
    return writing;
  };

  const mayRecord = (): boolean => {
    const nowMs = clock.now();
    allowance = Math.min(burstRows, allowance + ((nowMs - refilledAtMs) / 1_000) * rowsPerSecond);
    refilledAtMs = nowMs;
    if (allowance < 1) return false;
    allowance -= 1;
    return true;
  };

  const note = (row: RefusalRow): void => {
    if (isClosed) return;
    if (!mayRecord()) {
      dropped += 1;
      return;
    }
    waiting.push(valuesOf(row, wireMoment(clock.now())));
    if (!writing) cancelTimer ??= clock.after(flushMs, () => void start());
  };

  const flush = async () => {
    await start();
    if (waiting.length > 0) await start();
  };

  return {
    note,
    flush,
    write(refusal, knock, credential) {
      const say = log.of(knock.transactionId);
      const isBearer = credential.kind === 'bearer';
      // The digest of a Basic credential could be guessed offline: only tokens get a fingerprint.
      const tokenFingerprint = isBearer ? fingerprint(credential.value) : '';
      if (credential.kind === 'none') say.warning('Required HTTP authorization header (Authorization) not present');
      else {
        say.severe(lineOf(refusal));
        if (isBearer) say.warning(`Oauth authentication failed for access token ${tokenFingerprint}. No user found.`);
        say.warning(`Failed authorization by script include '${credential.kind === 'basic' ? 'BasicAuth' : 'BearerAuth'}'`);
      }
      const scheme = credential.kind === 'other' ? credential.scheme : credential.kind;
      const { transactionId, path, remoteAddress } = knock;
      const { expected, got, entity, configuration, userSysId, line } = refusal.facts;
      const told = { expected, got, entity, configuration, userSysId, detail: line };
      note({ reason: refusal.reason, leg: 'inbound', transactionId, path, remoteAddress, scheme, tokenFingerprint, ...told });
    },
    async close() {
      await flush();
      isClosed = true;
      cancelTimer?.();
    },
  };
};
