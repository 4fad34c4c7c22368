// The settings, as data: flag, variable, default and meaning of each, and the one reader that turns words into values.
// It must not know what anyone does with a setting. docs/operating.md is checked against this list.
import { isIP } from 'node:net';
import { isAbsolute, join, resolve } from 'node:path';
import { Fault } from './kit/fault.ts';

export interface Setting<T> {
  /** As commander takes it: `--port <number>`; '' where only the environment may say it. */
  readonly flag: string;
  readonly variable: string;
  /** Text as a caller would write it; '' means not set. */
  readonly fallback: string;
  readonly description: string;
  /** Throws an Error whose message finishes the sentence "--port …". */
  parse(text: string): T;
}

const setting = <T>(given: Setting<T>): Setting<T> => given;

const complain = (message: string): never => {
  throw new Error(message);
};

const text = (value: string): string => value;

const wholeNumber =
  (least: number, most: number) =>
  (value: string): number => {
    const number = Number(value);
    return /^\d+$/.test(value) && number >= least && number <= most
      ? number
      : complain(`must be a whole number from ${least} to ${most}`);
  };

const yesOrNo = (value: string): boolean => {
  const word = value.toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(word)) return true;
  return ['false', '0', 'no', 'off', ''].includes(word) ? false : complain('must be true or false');
};

const webAddress = (value: string): string => {
  if (value === '') return '';
  const url = URL.parse(value);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return complain('must be a full address such as https://causeway.example.com');
  if (url.search || url.hash || url.username || url.password || url.pathname !== '/') {
    return complain('must be scheme, host and port only, such as https://causeway.example.com');
  }
  return url.origin;
};

const databaseAddress = (value: string): string => {
  if (value === '' || !/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return value;
  return /^postgres(ql)?:\/\//.test(value) && URL.canParse(value)
    ? value
    : complain('must be a file name for SQLite, or an address such as postgres://user:password@host:5432/name');
};

const namedNetworks = new Set(['loopback', 'linklocal', 'uniquelocal']);

const isNetwork = (word: string): boolean => {
  if (namedNetworks.has(word)) return true;
  const [address = '', bits, ...rest] = word.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
};

const networks = (value: string): readonly string[] => {
  const words = value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const wrong = words.filter((word) => !isNetwork(word));
  return wrong.length === 0
    ? words
    : complain('must list addresses, networks such as 10.0.0.0/8, or the word loopback, separated by commas');
};

/** Every setting there is. Adding one: an entry here and a row in docs/operating.md. */
export const settingList = {
  port: setting({
    flag: '--port <number>',
    variable: 'CAUSEWAY_PORT',
    fallback: '8080',
    description: 'port to listen on; 0 takes any free one',
    parse: wholeNumber(0, 65_535),
  }),
  host: setting({
    flag: '--host <address>',
    variable: 'CAUSEWAY_HOST',
    fallback: '127.0.0.1',
    description: 'address to listen on; the default answers this machine only',
    parse: (value) => (/^[\w.:-]+$/.test(value) ? value : complain('must be a host name or an IP address')),
  }),
  data: setting({
    flag: '--data <directory>',
    variable: 'CAUSEWAY_DATA',
    fallback: './data',
    description: 'directory for the SQLite file, the key of sealed values and the logs',
    parse: (value) => resolve(value),
  }),
  database: setting({
    flag: '--database <address>',
    variable: 'CAUSEWAY_DATABASE',
    fallback: '',
    description: 'postgres://… or a SQLite file name; not set: causeway.db in the data directory',
    parse: databaseAddress,
  }),
  baseUrl: setting({
    flag: '--base-url <url>',
    variable: 'CAUSEWAY_BASE_URL',
    fallback: '',
    description: 'public address used in links; not set: the address listened on, or what a trusted proxy says',
    parse: webAddress,
  }),
  demoData: setting({
    flag: '--demo-data',
    variable: 'CAUSEWAY_DEMO_DATA',
    fallback: 'false',
    description: 'add a few users, groups and incidents at the first start',
    parse: yesOrNo,
  }),
  adminPassword: setting({
    flag: '',
    variable: 'CAUSEWAY_ADMIN_PASSWORD',
    fallback: '',
    description: 'password of the user admin at the first start; not set: one is generated and printed once',
    parse: text,
  }),
  instanceKey: setting({
    flag: '',
    variable: 'CAUSEWAY_INSTANCE_KEY',
    fallback: '',
    description:
      'key of sealed values, 64 hex digits; not set: the file instance.key in the data directory, made at the first start',
    parse: (value) => (/^([0-9a-f]{64})?$/i.test(value) ? value : complain('must hold 64 hex digits')),
  }),
  logStdout: setting({
    flag: '--log-stdout <boolean>',
    variable: 'CAUSEWAY_LOG_STDOUT',
    fallback: 'true',
    description: 'write the log to standard output as well as to logs/localhost_log.txt in the data directory',
    parse: yesOrNo,
  }),
  trustedProxies: setting({
    flag: '--trusted-proxies <list>',
    variable: 'CAUSEWAY_TRUSTED_PROXIES',
    fallback: '',
    description: 'addresses or networks whose X-Forwarded-Proto, -Host and -For are believed, separated by commas',
    parse: networks,
  }),
};

export type SettingName = keyof typeof settingList;
export type Settings = { readonly [K in SettingName]: ReturnType<(typeof settingList)[K]['parse']> };

/** Values that a complaint must not repeat. */
const secretive: ReadonlySet<SettingName> = new Set(['database', 'adminPassword', 'instanceKey']);

/** How a setting is named to the person who has to correct it. */
export const callSetting = (name: SettingName): string => {
  const { flag, variable } = settingList[name];
  return flag === '' ? variable : `${flag.split(' ')[0]} (${variable})`;
};

/**
 * Flags win over the environment, the environment over the fallback; an empty variable counts as not set.
 * Throws `config.invalid` with one line per complaint, all at once. Values of secrets are never repeated.
 */
export const readSettings = (
  flags: Readonly<Partial<Record<SettingName, string | boolean>>>,
  environment: Readonly<Record<string, string | undefined>>,
): Settings => {
  const values: Partial<Record<SettingName, unknown>> = {};
  const complaints: string[] = [];
  for (const name of Object.keys(settingList) as SettingName[]) {
    const { variable, fallback, parse } = settingList[name];
    const said = flags[name] === undefined ? environment[variable] || fallback : String(flags[name]);
    try {
      values[name] = parse(said);
    } catch (error) {
      complaints.push(`  ${callSetting(name)} ${(error as Error).message}${secretive.has(name) ? '' : `, not "${said}"`}`);
    }
  }
  if (complaints.length > 0)
    throw new Fault('bad_request', 'config.invalid', `These settings cannot be used:\n${complaints.join('\n')}`);
  return values as Settings;
};

/** The database as the store takes it: an address, or the path of the SQLite file. */
export const databaseOf = (settings: Pick<Settings, 'database' | 'data'>): string => {
  if (settings.database === '') return join(settings.data, 'causeway.db');
  if (/^postgres(ql)?:\/\//.test(settings.database)) return settings.database;
  return isAbsolute(settings.database) ? settings.database : resolve(settings.database);
};
