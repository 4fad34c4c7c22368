// The localhost log: the line shape support people grep for, to a file and to stdout (auth.md §10.2).
// Must not let a caller's words forge a line, and must not let a credential through, whoever passed it in.
import type { Clock } from './clock.ts';
import { fingerprint } from './fingerprint.ts';
import { gatherText } from './gather_text.ts';
import { makeRotatingFile } from './rotating_file.ts';

/** `plain` lines carry no word for their level. */
export type LogLevel = 'plain' | 'debug' | 'warning' | 'severe';

export interface LogLine {
  text: string;
  level?: LogLevel;
  /** 12 hex digits; names the thread too. Absent for what no request caused. */
  transactionId?: string;
  /** Session id once there is one; SYSTEM before. */
  session?: string;
}

export interface LocalhostLog {
  /** Returns at once; the line reaches the file within milliseconds. */
  write(line: LogLine): void;
  /** The same log with a transaction id filled in, and a session id where there is one. */
  of(transactionId: string, session?: string): TransactionLog;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface TransactionLog {
  plain(text: string): void;
  /** The program's own words, with nothing from outside among them but what `cleanLogText` gave: they are not looked at again. */
  cleaned(text: string): void;
  debug(text: string): void;
  warning(text: string): void;
  severe(text: string): void;
}

const words: Readonly<Record<LogLevel, string>> = {
  plain: '',
  debug: 'DEBUG: ',
  warning: 'WARNING *** WARNING *** ',
  severe: 'SEVERE *** ERROR *** ',
};
const threads = ['1', '2', '3', '4', '5', '6', '7', '8'].map((number) => `API_INT-thread-${number}`);
const textLimit = 16_384;

// Control characters, line and paragraph separators, and the marks that reverse text on a terminal.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const shortEscapes = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);
const escaped = (text: string): string =>
  text.replace(unprintable, (character) => {
    const hex = character.charCodeAt(0).toString(16);
    return shortEscapes.get(character) ?? (hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`);
  });

// The look-behind keeps one start per run of letters: without it a hostile run costs its length squared.
const jwtLike = /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)+/g;
const bearerLike = /\b(bearer)\s+([A-Za-z0-9._~+/=-]{16,})/gi;
const unusual = /[^\u0020-\u007e]/;
// Few lines hold anything that must be looked at closely: one quick look tells.
const suspicious = /[^\u0020-\u007e]|eyJ|bearer|basic/i;
const basicLike = /\b(basic)\s+([A-Za-z0-9+/=_-]{4,})(?=$|[\s"',;])/gi;
// "Basic authentication" is a word and stays; what decodes to name:password is a credential.
const isBasicCredential = (text: string): boolean => Buffer.from(text, 'base64').includes(':');

/** Text fit for one line: no control characters, no token (a fingerprint in its place), no Basic credential, bounded. */
export const cleanLogText = (text: string): string => {
  if (text.length <= textLimit && !suspicious.test(text)) return text;
  const bounded = text.length > textLimit ? `${text.slice(0, textLimit)} … (${text.length - textLimit} more)` : text;
  return escaped(bounded)
    .replace(jwtLike, (token) => fingerprint(token))
    .replace(bearerLike, (_all, word: string, token: string) => `${word} ${fingerprint(token)}`)
    .replace(basicLike, (all, word: string, text: string) => (isBasicCredential(text) ? `${word} (hidden)` : all));
};

/**
 * Words of a line, clean and in one piece. One call is like the next in all but its path, so what was made of the same parts last is not made
 * again; and each piece of a line costs once more when many lines are made into bytes.
 */
export const makeLogWords = <P extends readonly (string | number)[]>(
  write: (...parts: P) => string,
): ((...parts: P) => string) => {
  let last: P | undefined;
  let words = '';
  return (...parts) => {
    if (last === undefined || parts.some((part, at) => part !== last?.[at])) {
      last = parts;
      words = cleanLogText(write(...parts));
    }
    return words;
  };
};

// The runtime has one thread; the name only keeps the lines of one request together for tools that split by it.
const threadOf = (transactionId: string | undefined): string => {
  if (transactionId === undefined) return 'main';
  const code = transactionId.charCodeAt(transactionId.length - 1);
  // The last of its hex digits, to the base of eight.
  return threads[(code > 57 ? code - 87 : code) & 7] ?? '';
};

const shownMoment = (atMs: number): string => {
  const moment = new Date(atMs).toISOString();
  return `${moment.slice(0, 10)} ${moment.slice(11, 19)} (${moment.slice(20, 23)})`;
};

/** What stands between the moment and the words of a line, with the blanks around it: the same for many lines of a request. */
const headOf = (transactionId: string | undefined, session: string | undefined): string => {
  const transaction = transactionId === undefined ? '' : ` txid=${transactionId}`;
  const head = ` ${threadOf(transactionId)} ${session || 'SYSTEM'}${transaction} `;
  return unusual.test(head) ? escaped(head) : head;
};

/** One line without its end, as it stands in the file. */
export const formatLogLine = (atMs: number, { transactionId, session, level = 'plain', text }: LogLine): string =>
  shownMoment(atMs) + headOf(transactionId, session) + words[level] + cleanLogText(text);

/** Who gets the lines besides the file. */
export interface LogListeners {
  /** Each line, at once. */
  echo?: ((line: string) => void) | undefined;
  /** What goes into the file, many lines at a time. */
  copyTo?: ((lines: Buffer) => void) | undefined;
}

interface LogParts extends LogListeners {
  clock: Clock;
  /** The folder of logs; without it there is no file. */
  dir?: string;
  limitBytes?: number;
  keep?: number;
}

export const makeLocalhostLog = (parts: LogParts): LocalhostLog => {
  const { clock, dir, echo, copyTo } = parts;
  const file = dir === undefined ? undefined : makeRotatingFile({ ...parts, dir, name: 'localhost_log' });
  const handOn = (lines: Buffer): void => {
    file?.append(lines);
    copyTo?.(lines);
  };
  const gathered = gatherText({ clock, handOn });
  let shown = { atMs: Number.NaN, moment: '' };
  // Each part of a line costs once more when many are made into bytes: few parts, and none that is empty.
  const writeClean = (head: string, text: string): void => {
    const nowMs = clock.now();
    // A request leaves five lines, most of them in one millisecond.
    if (nowMs !== shown.atMs) shown = { atMs: nowMs, moment: shownMoment(nowMs) };
    const line = `${shown.moment + head + text}\n`;
    gathered.add(line);
    echo?.(line);
  };
  const write = (head: string, level: LogLevel, text: string): void => writeClean(head, words[level] + cleanLogText(text));
  const logOf = (transactionId: string, session: string | undefined): TransactionLog => {
    const head = headOf(transactionId, session);
    return {
      plain: (text) => write(head, 'plain', text),
      cleaned: (text) => writeClean(head, text),
      debug: (text) => write(head, 'debug', text),
      warning: (text) => write(head, 'warning', text),
      severe: (text) => write(head, 'severe', text),
    };
  };
  // Asked for again by each who has something to say of the same request.
  let last = { transactionId: '', log: logOf('', undefined) };
  return {
    write: ({ transactionId, session, level = 'plain', text }) => write(headOf(transactionId, session), level, text),
    of(transactionId, session) {
      if (session !== undefined) return logOf(transactionId, session);
      if (transactionId !== last.transactionId) last = { transactionId, log: logOf(transactionId, undefined) };
      return last.log;
    },
    async flush() {
      gathered.flush();
      await file?.flush();
    },
    async close() {
      gathered.flush();
      await file?.close();
    },
  };
};
