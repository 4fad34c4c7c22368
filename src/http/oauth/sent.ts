// An answer of the OAuth room as the web server sends it.
import type { Answer as OAuthAnswer } from '../../oauth/answer.ts';
import type { Answer } from '../api.ts';

export const sent = ({ status, headers, body }: OAuthAnswer): Answer => {
  if (body === '') return { status, headers };
  const { 'content-type': contentType, ...others } = headers;
  return { status, headers: others, body, contentType: contentType?.split(';')[0] };
};
