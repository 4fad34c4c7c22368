// The two users every instance has, and the people of the demo. The sys_ids of the two are those that clients' own tests expect.
import { seedId } from '../seed_id.ts';

export const adminSysId = '6816f79cc0a8016401c5a33be04be441';
export const guestSysId = '5136503cc611227c0183e96598c4f706';

export const userRows: readonly Readonly<Record<string, string>>[] = [
  {
    sys_id: adminSysId,
    user_name: 'admin',
    first_name: 'System',
    last_name: 'Administrator',
    name: 'System Administrator',
    email: 'admin@example.com',
  },
  { sys_id: guestSysId, user_name: 'guest', first_name: '', last_name: 'Guest', name: 'Guest' },
];

const person = (
  userName: string,
  firstName: string,
  lastName: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => ({
  sys_id: seedId('sys_user', userName),
  user_name: userName,
  first_name: firstName,
  last_name: lastName,
  name: `${firstName} ${lastName}`.trim(),
  email: `${userName}@example.com`,
  identity_type: 'human',
  ...more,
});

export const userDemoRows: readonly Readonly<Record<string, string>>[] = [
  person('nadia.brandt', 'Nadia', 'Brandt', { title: 'Accountant' }),
  person('owen.hale', 'Owen', 'Hale', { title: 'Warehouse lead' }),
  person('priya.raman', 'Priya', 'Raman', { title: 'Sales engineer', time_zone: 'Asia/Kolkata' }),
  person('jonas.weber', 'Jonas', 'Weber', { title: 'Designer', time_zone: 'Europe/Berlin' }),
  person('tomas.lindgren', 'Tomas', 'Lindgren', { title: 'Service desk agent' }),
  person('mei.tanaka', 'Mei', 'Tanaka', { title: 'Network engineer', time_zone: 'Asia/Tokyo' }),
  person('integration.user', 'Integration', 'User', { identity_type: 'machine', web_service_access_only: 'true' }),
];
