// Two organisations with an instance each, and what they do with one another: register, share incidents and cases, look at the health.
// For journeys; nothing of an instance is stood in for.
import assert from 'node:assert/strict';
import type { ConnectionReport } from '../../../src/exchange/admin/report.ts';
import type { Engine } from '../../parts/engines.ts';
import { runCommand } from '../../parts/instance_process.ts';
import { adminPassword } from '../../parts/running_instance.ts';
import { untilTrue } from '../../parts/until_true.ts';
import { type Command, openSide, type SideOptions, type WholeSide, type Words } from './side.ts';

export interface WholePair {
  readonly provider: WholeSide;
  readonly consumer: WholeSide;
  readonly sides: readonly [WholeSide, WholeSide];
  /** Of the connection; '' before they registered. */
  number: string;
  /** By commands, as people do it. */
  register(): Promise<void>;
  report(side: WholeSide): Promise<ConnectionReport>;
  /** Both directions on both sides. */
  both(status: 'Up' | 'Down'): Promise<boolean>;
  /** Waits until both sides are Up in both directions. */
  allUp(): Promise<void>;
  /** `causeway doctor` asked on a side about both ends, at the addresses by which the sides know one another. */
  doctor(side: WholeSide, ...args: string[]): Promise<Command>;
  close(): Promise<void>;
}

/** Properties that make a pair notice things within a test's patience. */
const brisk: Words = { 'sn_sb.ping_seconds': '2', 'sn_sb.ping_failing_seconds': '1', 'sn_transport.backoff_seconds': '0,1' };

export const openWholePair = async (
  engine: Engine,
  options: { provider?: SideOptions; consumer?: SideOptions; properties?: Words } = {},
): Promise<WholePair> => {
  const provider = await openSide(engine, 'provider', options.provider);
  const consumer = await openSide(engine, 'consumer', options.consumer).catch(async (error) => {
    await provider.close();
    throw error;
  });
  const sides = [provider, consumer] as const;
  const adjust = async (side: WholeSide): Promise<void> => {
    for (const [name, value] of Object.entries({ ...brisk, ...options.properties })) await side.set(name, value);
  };

  const pair: WholePair = {
    provider,
    consumer,
    sides,
    number: '',
    async register() {
      const invited = await provider.command(
        ...['exchange', 'invite', '--company', 'Acme', '--peer', consumer.proxy.url, '--enable-grant', '--json'],
      );
      assert.equal(invited.code, 0, invited.stderr);
      const { code, connectionId } = JSON.parse(invited.stdout);
      pair.number = connectionId;
      const accepted = await consumer.command('exchange', 'accept', code, '--enable-grant');
      assert.equal(accepted.code, 0, accepted.stdout + accepted.stderr);
    },
    async report(side) {
      return (await side.ask(`/api/sn_sb/exchange_admin/connections/${pair.number}`)).json.result;
    },
    async both(status) {
      const reports = await Promise.all(sides.map(pair.report));
      // Slow is Up on a machine that has much to do.
      const isThat = (shown: string): boolean => shown === status || (status === 'Up' && shown === 'Slow');
      return reports.every(({ outbound, inbound }) => isThat(outbound.status) && isThat(inbound.status));
    },
    allUp: () =>
      untilTrue(() => pair.both('Up')).catch(async () => {
        const shown = ({ outbound, inbound }: ConnectionReport): string => `${outbound.text} ${outbound.detail}, ${inbound.text}`;
        const ends = await Promise.all(sides.map(async (side) => `${side.name}: ${shown(await pair.report(side))}`));
        assert.fail(`it is not Up in both directions: ${ends.join('; ')}`);
      }),
    doctor(side, ...args) {
      const peer = side === provider ? consumer : provider;
      const account = (prefix: string, { proxy }: WholeSide) => [
        ...[`--${prefix}instance`, proxy.url, `--${prefix}user`, 'admin', `--${prefix}password`, adminPassword],
      ];
      return runCommand(['doctor', ...args, ...account('', side), ...account('peer-', peer)]);
    },
    async close() {
      await Promise.all(sides.map((side) => side.close()));
    },
  };
  try {
    await Promise.all(sides.map(adjust));
    return pair;
  } catch (error) {
    await pair.close();
    throw error;
  }
};
