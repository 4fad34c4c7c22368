// The settings as options of a command, straight from the list in config.ts.
// It must not know a setting by name.
import type { Command as Program } from 'commander';
import { readSettings, type SettingName, type Settings, settingList } from '../config.ts';

/** Adds every setting that has a flag; `instead` overrides the default that the help shows. */
export const addSettingsOptions = (command: Program, instead: Readonly<Partial<Record<SettingName, string>>> = {}): Program => {
  for (const name of Object.keys(settingList) as SettingName[]) {
    const { flag, variable, fallback, description } = settingList[name];
    const usual = instead[name] ?? fallback;
    const shown = usual === '' || usual === 'false' ? '' : `; default ${usual}`;
    if (flag !== '') command.option(flag, `${description} [${variable}${shown}]`);
  }
  return command;
};

/** Flags, then the environment, then `instead`, then the defaults. Throws `config.invalid`. */
export const settingsFrom = (
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
  instead: Readonly<Partial<Record<SettingName, string>>> = {},
): Settings => {
  const said: Partial<Record<SettingName, string | boolean>> = {};
  for (const name of Object.keys(settingList) as SettingName[]) {
    const flag = flags[name];
    if (typeof flag === 'string' || typeof flag === 'boolean') said[name] = flag;
    else if (!environment[settingList[name].variable] && instead[name] !== undefined) said[name] = instead[name];
  }
  return readSettings(said, environment);
};
