// Requests as text, ready for the wire.

export interface Wanted {
  method?: string;
  path: string;
  authorization?: string;
  body?: string;
  /** Of the body; JSON where nothing is said. */
  contentType?: string;
}

export const writeRequest = ({ method = 'GET', path, authorization, body, contentType = 'application/json' }: Wanted): string => {
  const lines = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', 'accept: application/json'];
  if (authorization !== undefined) lines.push(`authorization: ${authorization}`);
  if (body !== undefined) lines.push(`content-type: ${contentType}`, `content-length: ${Buffer.byteLength(body)}`);
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
};

export const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
