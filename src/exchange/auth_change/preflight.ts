// What must hold on a side before its credentials are changed: looked at on both sides before anything is made.
import type { Properties } from '../../records/properties.ts';
import type { Records, Row } from '../../records/records.ts';
import { roleId } from '../../records/tables/sys_user_role.ts';
import { integrationUserName } from '../connection/names.ts';
import { isBelowFloor, upgradeFloor } from '../credential/auth_method.ts';
import { grantProperty } from '../registration/preflight.ts';

export type ChangeKind = 'upgrade' | 'rotate';

export const readKind = (value: unknown): ChangeKind | undefined =>
  value === 'upgrade' || value === 'rotate' ? value : undefined;

export interface PreflightCheck {
  readonly check: string;
  readonly ok: boolean;
  /** What was found, or what has to be done. */
  readonly detail: string;
}

export const makePreflight =
  ({ records, properties }: { records: Records; properties: Properties }) =>
  async (connection: Row, kind: ChangeKind): Promise<PreflightCheck[]> => {
    const number = connection.connection_id ?? '';
    const version = (await properties.get('sn_sb.version')) || '0';
    const name = integrationUserName(number);
    const [user] = await records.findBy('sys_user', { sys_id: connection.integration_user ?? '' }, { limit: 1 });
    const roles = user
      ? await records.findBy('sys_user_has_role', { user: user.sys_id ?? '', role: roleId('sn_sb.integration') }, { limit: 1 })
      : [];
    const isLegacy = connection.auth_method === 'password';
    const check = (what: string, ok: boolean, found: string, todo: string): PreflightCheck => ({
      check: what,
      ok,
      detail: ok ? found : todo,
    });
    return [
      check(
        'version',
        !isBelowFloor(version),
        `Service Exchange ${version}`,
        `Service Exchange is ${version} here, and client credentials need ${upgradeFloor}`,
      ),
      check(
        'connection',
        connection.state === 'onboarded' && connection.active === 'true',
        'onboarded',
        'The connection is not active',
      ),
      check(
        'method',
        kind === 'upgrade' ? isLegacy : !isLegacy,
        isLegacy ? 'password' : 'client credentials',
        isLegacy ? 'The connection is of the older kind: upgrade it' : 'The connection uses Client Credentials already',
      ),
      check('property', await properties.flag(grantProperty), 'client credentials are on', `Set ${grantProperty} to true`),
      check('user', user !== undefined, name, `The integration user ${name} does not exist`),
      ...(user
        ? [
            check('user_name', user.user_name === name, name, `The integration user is called ${user.user_name}, not ${name}`),
            check(
              'user_active',
              user.active === 'true' && user.locked_out !== 'true',
              'active',
              `Activate ${name}, or unlock it, after asking why it was turned off`,
            ),
            check('user_role', roles.length > 0, 'sn_sb.integration', `Give ${name} the role sn_sb.integration`),
          ]
        : []),
    ];
  };
