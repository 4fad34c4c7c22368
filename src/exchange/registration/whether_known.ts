// Whether the other side has its half of a connection still: asked where it refuses our client, because whoever was not told of the end can
// prove nothing any more. The answer is no secret: the question names a row by an id that only the two sides know.
import { isFault } from '../../kit/fault.ts';
import { isObject } from '../../kit/is_object.ts';
import type { Outbound } from '../../kit/outbound.ts';
import type { Records, Row } from '../../records/records.ts';
import { registrationPath } from './ask_provider.ts';

const step = 'known';

/** sys_id of the connection that is asked about; undefined where it is no such question. */
export const readQuestion = (body: unknown): string | undefined =>
  isObject(body) && body.step === step && typeof body.connection === 'string' && /^[0-9a-f]{32}$/.test(body.connection)
    ? body.connection
    : undefined;

export const answerQuestion = async ({ findBy }: Pick<Records, 'findBy'>, connection: string): Promise<{ known: boolean }> => ({
  known: (await findBy('sn_sb_connection', { sys_id: connection }, { limit: 1 })).length > 0,
});

export type IsForgotten = (connection: Row) => Promise<boolean>;

/** True only where the peer says so. */
export const makeIsForgotten =
  ({ records, outbound }: { records: Pick<Records, 'findBy'>; outbound: Outbound }): IsForgotten =>
  async (connection) => {
    const [rps] = await records.findBy('sn_sb_rps_connection', { connection: connection.sys_id ?? '' }, { limit: 1 });
    const [system] = rps ? await records.findBy('ih_sync_remote_system', { sys_id: rps.remote_system ?? '' }, { limit: 1 }) : [];
    if (!system?.external_id) return false;
    try {
      const answer = await outbound.send({
        url: `${connection.peer_url}${registrationPath}`,
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ step, connection: system.external_id }),
        timeLimitMs: 10_000,
      });
      // A peer that does not know the question refuses it.
      if (answer.status !== 200) return false;
      const said: unknown = JSON.parse(answer.body.toString('utf8'));
      return isObject(said) && isObject(said.result) && isObject(said.result.payload) && said.result.payload.known === false;
    } catch (error) {
      if (isFault(error) || error instanceof SyntaxError) return false;
      throw error;
    }
  };
