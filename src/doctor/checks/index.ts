// Every check there is, in the order in which they are told: causes before symptoms.
import type { Check } from '../check.ts';
import { auth01 } from './auth_01.ts';
import { auth02 } from './auth_02.ts';
import { auth03 } from './auth_03.ts';
import { auth04 } from './auth_04.ts';
import { auth05 } from './auth_05.ts';
import { auth06 } from './auth_06.ts';
import { auth07 } from './auth_07.ts';
import { auth08 } from './auth_08.ts';
import { auth09 } from './auth_09.ts';
import { auth10 } from './auth_10.ts';
import { auth11 } from './auth_11.ts';
import { auth12 } from './auth_12.ts';
import { id01 } from './id_01.ts';
import { id02 } from './id_02.ts';
import { link01 } from './link_01.ts';
import { link02 } from './link_02.ts';
import { link03 } from './link_03.ts';
import { link04 } from './link_04.ts';
import { link05 } from './link_05.ts';
import { link06 } from './link_06.ts';
import { link07 } from './link_07.ts';
import { link08 } from './link_08.ts';
import { queue01 } from './queue_01.ts';
import { queue02 } from './queue_02.ts';
import { queue03 } from './queue_03.ts';
import { queue04 } from './queue_04.ts';
import { queue05 } from './queue_05.ts';
import { queue06 } from './queue_06.ts';
import { reg01 } from './reg_01.ts';

export const checks: readonly Check[] = [
  auth01,
  auth02,
  auth03,
  auth04,
  auth05,
  auth06,
  auth07,
  auth08,
  auth09,
  auth10,
  auth11,
  auth12,
  link01,
  link02,
  link03,
  link04,
  link05,
  link06,
  link07,
  link08,
  queue01,
  queue02,
  queue03,
  queue04,
  queue05,
  queue06,
  id01,
  id02,
  reg01,
];
