// The caller made of a user: his roles from every side, his zone, and when what is remembered of him is forgotten.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemCaller } from '../../src/records/caller.ts';
import { untilTrue } from '../parts/until_true.ts';
import { openRoom, type Room } from './part.ts';

describe('a caller', () => {
  let room: Room;
  let ada = '';
  const role = (name: string) => room.add('sys_user_role', { name });
  const rolesOf = async (sysId: string) => {
    const user = await room.identity.users.bySysId(sysId);
    assert.ok(user);
    return [...(await room.identity.users.callerOf(user)).roles].sort();
  };

  before(async () => {
    room = await openRoom();
    ada = await room.add('sys_user', { user_name: 'ada', first_name: 'Ada', last_name: 'Byron', time_zone: 'Europe/London' });
  });
  after(() => room.close());

  it('carries name and zone', async () => {
    const user = await room.identity.users.bySysId(ada);
    assert.ok(user);
    const { userName, displayName, timeZone, isSystem, origin } = await room.identity.users.callerOf(user);
    assert.deepEqual(
      { userName, displayName, timeZone, isSystem, origin },
      { userName: 'ada', displayName: 'Ada Byron', timeZone: 'Europe/London', isSystem: false, origin: '' },
    );
  });

  it('has the roles given to him, those they contain, and those of his groups and the groups above', async () => {
    assert.deepEqual(await rolesOf(ada), []);
    const [direct, inner, deep, ofGroup, ofParent, notInherited, pending] = [
      await role('direct'),
      await role('inner'),
      await role('deep'),
      await role('of_group'),
      await role('of_parent'),
      await role('not_inherited'),
      await role('pending'),
    ];
    await room.add('sys_user_role_contains', { role: direct, contains: inner });
    await room.add('sys_user_role_contains', { role: inner, contains: deep });
    await room.add('sys_user_has_role', { user: ada, role: direct });
    await room.add('sys_user_has_role', { user: ada, role: pending, state: 'requested' });
    const parent = await room.add('sys_user_group', { name: 'Parent' });
    const group = await room.add('sys_user_group', { name: 'Group', parent });
    await room.add('sys_group_has_role', { group, role: ofGroup });
    await room.add('sys_group_has_role', { group, role: notInherited, inherits: 'false' });
    await room.add('sys_group_has_role', { group: parent, role: ofParent });
    const membership = await room.add('sys_user_grmember', { user: ada, group });
    assert.deepEqual(await rolesOf(ada), ['deep', 'direct', 'inner', 'of_group', 'of_parent']);
    await room.records.remove(systemCaller, 'sys_user_grmember', membership);
    assert.deepEqual(await rolesOf(ada), ['deep', 'direct', 'inner']);
  });

  it('survives groups and roles that contain one another', async () => {
    const bo = await room.add('sys_user', { user_name: 'bo' });
    const [one, other] = [await role('one'), await role('other')];
    await room.add('sys_user_role_contains', { role: one, contains: other });
    await room.add('sys_user_role_contains', { role: other, contains: one });
    await room.add('sys_user_has_role', { user: bo, role: one });
    assert.deepEqual(await rolesOf(bo), ['one', 'other']);
  });

  it('is forgotten in every process when a role is taken from him', async () => {
    const cleo = await room.add('sys_user', { user_name: 'cleo' });
    const grant = await room.add('sys_user_has_role', { user: cleo, role: await role('fleeting') });
    const second = await room.secondDoor();
    const seen = async () => {
      const user = await second.identity.users.bySysId(cleo);
      return user ? [...(await second.identity.users.callerOf(user)).roles] : [];
    };
    assert.deepEqual(await seen(), ['fleeting']);
    await room.records.remove(systemCaller, 'sys_user_has_role', grant);
    // Others hear of it in their next turn of the event loop.
    await untilTrue(async () => (await seen()).length === 0);
    await second.close();
  });

  it('is not looked for by what is no value', async () => {
    for (const value of ['', 'x'.repeat(256), 'x'.repeat(100_000)])
      assert.deepEqual(await room.identity.users.byField('email', value), []);
  });
});
