// The bytes of a job: what was uploaded, or what the REST address of its data source answers.
import { Fault } from '../../kit/fault.ts';
import type { Outbound } from '../../kit/outbound.ts';
import type { Sealer } from '../../kit/seal.ts';
import { secretContext } from '../../records/keep_secrets.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Bytes } from '../source_row.ts';
import type { Uploads } from './uploads.ts';

const timeLimitMs = 120_000;
const limitBytes = 64 * 1024 * 1024;

export interface SourceParts {
  records: Records;
  uploads: Uploads;
  outbound: Outbound;
  sealer: Sealer;
}

async function* once(bytes: Uint8Array): Bytes {
  yield bytes;
}

const authorization = (source: Row, sealer: Sealer): Readonly<Record<string, string>> => {
  if (!source.rest_user) return {};
  const password = source.rest_password
    ? sealer.open(source.rest_password, secretContext({ table: 'sys_data_source', element: 'rest_password' }))
    : '';
  return { authorization: `Basic ${Buffer.from(`${source.rest_user}:${password}`).toString('base64')}` };
};

const fetchRest = async ({ outbound, sealer }: SourceParts, source: Row): Promise<Bytes> => {
  const answer = await outbound.send({
    url: source.rest_url ?? '',
    headers: { accept: 'application/json, text/csv, application/xml', ...authorization(source, sealer) },
    timeLimitMs,
    limitBytes,
  });
  if (answer.status === 200) return once(answer.body);
  throw new Fault(
    'unavailable',
    'imports.source_refused',
    `The data source ${source.name} answered with status ${answer.status}`,
  );
};

export const openSource = async (parts: SourceParts, job: Row): Promise<Bytes> => {
  const [source] = job.data_source
    ? await parts.records.findBy('sys_data_source', { sys_id: job.data_source }, { limit: 1 })
    : [];
  return source?.type === 'REST' ? fetchRest(parts, source) : parts.uploads.read(job.sys_id ?? '');
};
