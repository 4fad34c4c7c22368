// The demo's second instance, another organisation's, and the connection between the two: made over REST as people would make it, and
// kept from one demo to the next as long as the addresses stay.
import type { Settings } from '../../config.ts';
import type { ConnectionReport } from '../../exchange/admin/report.ts';
import { demandAccount, openRemote, type Remote } from '../remote.ts';

export interface Connected {
  readonly number: string;
  readonly consumerUrl: string;
}

interface Side {
  readonly url: string;
  readonly password: string;
}

const base = '/api/sn_sb/exchange_admin';

/** Settings of the consumer, beside those of the provider. */
export const consumerSettings = (settings: Settings, data: string, port: number): Settings => ({
  ...settings,
  data,
  database: '',
  baseUrl: '',
  instanceKey: '',
  port,
});

const open = ({ url, password }: Side, fetcher: typeof fetch): Remote =>
  openRemote(demandAccount({ instance: url, user: 'admin', password }, {}), fetcher);

const forget = async (remote: Remote, reports: readonly ConnectionReport[]): Promise<void> => {
  for (const { connection_id: number, state } of reports) {
    const path = `${base}/connections/${number}`;
    if (state === 'onboarded' || state === 'offboarded_by_peer')
      await remote.post(`${path}/offboard`, { drop_undelivered: true });
    else await remote.post(`${path}/abort`, { force: true });
  }
};

/** Answers the connection of the two: the one that is there, or a new one. Throws Error with the instance's words. */
export const connectConsumer = async (provider: Side, consumer: Side, fetcher: typeof fetch): Promise<Connected> => {
  const [there, here] = [open(provider, fetcher), open(consumer, fetcher)];
  const [known, mine] = await Promise.all([
    there.get<ConnectionReport[]>(`${base}/connections`),
    here.get<ConnectionReport[]>(`${base}/connections`),
  ]);
  const kept = known.find(
    (one) =>
      one.state === 'onboarded' &&
      one.peer_url === consumer.url &&
      mine.some(
        (other) => other.connection_id === one.connection_id && other.peer_url === provider.url && other.state === 'onboarded',
      ),
  );
  if (kept) return { number: kept.connection_id, consumerUrl: consumer.url };
  // Free ports are others each time: what was made for the old ones leads nowhere.
  await forget(here, mine);
  await forget(there, known);
  const { code } = await there.post<{ code: string }>(`${base}/invite`, {
    company: 'Demo Consumer',
    peer: consumer.url,
    enable_grant: true,
  });
  const report = await here.post<ConnectionReport>(`${base}/accept`, { code, company: 'Demo Provider', enable_grant: true });
  if (report.state !== 'onboarded') throw new Error(report.step_error);
  return { number: report.connection_id, consumerUrl: consumer.url };
};
