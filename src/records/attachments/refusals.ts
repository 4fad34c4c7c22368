// The failures of attachments, in one place.
import { Fault } from '../../kit/fault.ts';

export const missingParameter = (name: string): Fault =>
  new Fault('bad_request', 'records.attachment_parameter_missing', 'Missing parameter', {
    explanation: `The parameter ${name} is needed to attach a file`,
  });

export const attachmentTooLarge = (limitBytes: number): Fault =>
  new Fault('too_large', 'records.attachment_too_large', 'The file is too large', {
    explanation: `An attachment holds at most ${limitBytes} bytes`,
  });

export const extensionRefused = (fileName: string): Fault =>
  new Fault('forbidden', 'records.attachment_extension_refused', 'Operation Failed', {
    explanation: `Files of this kind may not be attached: ${fileName}`,
  });

export const attachingRefused = (userName: string): Fault =>
  new Fault('forbidden', 'records.attachment_role_missing', 'Operation Failed', {
    explanation: 'ACL Exception Insert Failed due to security constraints',
    detail: `${userName} holds none of the roles of glide.attachment.role`,
  });

export const noEncryption = (): Fault =>
  new Fault('bad_request', 'records.attachment_not_encrypted', 'Encryption contexts are not available', {
    explanation: 'Send the file without encryption_context',
  });

export const bodyBroken = (cause: unknown): Fault =>
  new Fault('bad_request', 'records.attachment_incomplete', 'Exception while reading request', {
    explanation: 'The connection ended before the file did',
    cause,
  });
