// Pairs of key and value that integrations note about an attachment. Whoever may read the attachment reads them, whoever may change
// its record changes them.
import { Fault } from '../../kit/fault.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Row } from '../../records/records.ts';
import { notFound } from '../../records/refusals.ts';
import type { Answer, Asked } from '../api.ts';
import { sayData } from '../say_data.ts';
import type { AttachmentParts } from './attachment_api.ts';

const table = 'sys_attachment_attribute';
const mostAttributes = 1000;

const sysIdOf = (asked: Asked): string => asked.segments.get('sys_id') ?? '';

const pairOf = (row: Row) => ({ key: row.attribute_key ?? '', value: row.attribute_value ?? '' });

const findAttribute = async ({ records }: AttachmentParts, attachment: string, key: string): Promise<Row | undefined> => {
  const [row] = await records.findBy(table, { attachment, attribute_key: key }, { limit: 1 });
  return row;
};

const requireKey = (key: string | null | undefined): string => {
  if (key) return key;
  throw new Fault('bad_request', 'http.attribute_key_missing', 'Exception while reading request', {
    explanation: 'An attribute needs a key: {"key":"…","value":"…"}',
  });
};

export const listAttributes =
  ({ records }: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => {
    await records.get(asked.caller, 'sys_attachment', sysIdOf(asked), { fields: ['sys_id'] });
    const rows = await records.findBy(table, { attachment: sysIdOf(asked) }, { limit: mostAttributes });
    return { status: 200, body: sayData(asked.accept, rows.map(pairOf)) };
  };

export const readAttribute =
  (parts: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => {
    await parts.records.get(asked.caller, 'sys_attachment', sysIdOf(asked), { fields: ['sys_id'] });
    const row = await findAttribute(parts, sysIdOf(asked), asked.segments.get('key') ?? '');
    if (!row) throw notFound();
    return { status: 200, body: sayData(asked.accept, pairOf(row)) };
  };

/** POST names the key in the body, PUT and PATCH in the address; each writes the attribute whether it was there or not. */
export const writeAttribute =
  (parts: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => {
    const { records, attachments } = parts;
    const attachment = sysIdOf(asked);
    const body = await asked.values();
    const key = requireKey(asked.segments.get('key') ?? body.key);
    await attachments.requireWrite(asked.caller, attachment);
    const by = { ...systemCaller, userSysId: asked.caller.userSysId, userName: asked.caller.userName };
    const value = body.value ?? '';
    const known = await findAttribute(parts, attachment, key);
    if (known) await records.update(by, table, known.sys_id ?? '', { attribute_value: value });
    else await records.insert(by, table, { attachment, attribute_key: key, attribute_value: value });
    return { status: known ? 200 : 201, body: sayData(asked.accept, { key, value }) };
  };

export const removeAttribute =
  (parts: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => {
    await parts.attachments.requireWrite(asked.caller, sysIdOf(asked));
    const row = await findAttribute(parts, sysIdOf(asked), asked.segments.get('key') ?? '');
    if (!row) throw notFound();
    await parts.records.remove(systemCaller, table, row.sys_id ?? '');
    return { status: 204 };
  };
