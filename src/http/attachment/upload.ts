// POST of attachments: the bare bytes with their name in the address, or a form whose last part is the file.
import { noEncryption } from '../../records/attachments/refusals.ts';
import type { Answer, Asked } from '../api.ts';
import { sayData } from '../say_data.ts';
import { apiAddress } from '../table/table_address.ts';
import type { AttachmentParts } from './attachment_api.ts';
import { readForm } from './read_form.ts';
import { describeAttachment } from './say_attachments.ts';

const created = async ({ records }: AttachmentParts, asked: Asked, sysId: string): Promise<Answer> => ({
  status: 201,
  headers: { Location: `${apiAddress(asked)}/attachment/${sysId}` },
  body: sayData(asked.accept, await describeAttachment(records, asked, sysId)),
});

/** To be asked for secrecy and not to give it would be worse than to refuse. */
const refuseEncryption = (context: string | undefined): void => {
  if (context) throw noEncryption();
};

export const uploadFile =
  (parts: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => {
    const { parameters, caller } = asked;
    refuseEncryption(parameters.get('encryption_context'));
    const file = {
      tableName: parameters.get('table_name') ?? '',
      tableSysId: parameters.get('table_sys_id') ?? '',
      fileName: parameters.get('file_name') ?? '',
      contentType: asked.headers['content-type']?.toString() ?? '',
      creationTime: parameters.get('creation_time'),
    };
    return created(parts, asked, await parts.attachments.save(caller, file, asked.stream()));
  };

export const uploadForm =
  (parts: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => {
    const sysId = await readForm(
      asked.headers['content-type']?.toString() ?? '',
      asked.stream(),
      ({ fields, name, type, body }) => {
        refuseEncryption(fields.get('encryption_context'));
        const file = {
          tableName: fields.get('table_name') ?? '',
          tableSysId: fields.get('table_sys_id') ?? '',
          fileName: fields.get('file_name') || name,
          contentType: type,
          creationTime: fields.get('creation_time'),
        };
        return parts.attachments.save(asked.caller, file, body);
      },
    );
    return created(parts, asked, sysId);
  };
