// PATCH and DELETE of an attachment: a new name, or the end of it. Both answer 204 and nothing else.
import type { Answer, Asked } from '../api.ts';
import type { AttachmentParts } from './attachment_api.ts';

export const renameAttachment =
  ({ attachments }: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => {
    const { file_name: fileName } = await asked.values();
    await attachments.rename(asked.caller, asked.segments.get('sys_id') ?? '', fileName ?? '');
    return { status: 204 };
  };

export const removeAttachment =
  ({ attachments }: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => {
    await attachments.remove(asked.caller, asked.segments.get('sys_id') ?? '');
    return { status: 204 };
  };
