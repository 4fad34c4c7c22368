// Which form the answer takes and which form the body has. Missing and */* mean JSON, as live instances do.
// It must not read or write bodies.
import { Fault } from '../kit/fault.ts';

export type MediaType =
  | 'application/json'
  | 'application/xml'
  | 'text/xml'
  | 'application/octet-stream'
  | 'text/plain'
  | 'multipart/mixed';

export const tableMediaTypes: readonly MediaType[] = ['application/json', 'application/xml', 'text/xml'];

export const isXml = (type: MediaType): boolean => type === 'application/xml' || type === 'text/xml';

interface Wish {
  range: string;
  weight: number;
}

const readWishes = (header: string): Wish[] =>
  header
    .split(',')
    .map((piece) => {
      const [range = '', ...details] = piece.split(';').map((word) => word.trim().toLowerCase());
      const quality = details.find((detail) => detail.startsWith('q='));
      const weight = quality === undefined ? 1 : Number(quality.slice(2));
      return { range, weight: Number.isFinite(weight) ? weight : 0 };
    })
    .filter((wish) => wish.range !== '' && wish.weight > 0)
    .sort((a, b) => b.weight - a.weight);

const matches = (range: string, type: string): boolean =>
  range === '*/*' || range === '*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));

/** The best of `produced` for an Accept header. Throws `http.not_acceptable` when none fits. */
export const chooseAccept = <T extends string = MediaType>(
  header: string | undefined,
  produced: readonly T[] = tableMediaTypes as readonly MediaType[] as readonly T[],
): T => {
  const preferred = produced[0] as T;
  if (header === undefined || header.trim() === '' || header === '*/*' || header === preferred) return preferred;
  for (const { range } of readWishes(header)) {
    const found = produced.find((type) => matches(range, type));
    if (found) return found;
  }
  throw new Fault(
    'not_acceptable',
    'http.not_acceptable',
    `Invalid accept type. Supported response media types for this service are: [${produced.join(', ')}]`,
  );
};

/** JSON when nothing is said. Throws `http.unsupported_media_type` for any other type than the Table API's three. */
export const readContentType = (header: string | undefined): { type: MediaType; charset: string } => {
  const [name = '', ...details] = (header ?? '').split(';').map((word) => word.trim().toLowerCase());
  const type = name === '' ? 'application/json' : tableMediaTypes.find((known) => known === name);
  if (type === undefined) {
    throw new Fault(
      'unsupported_media_type',
      'http.unsupported_media_type',
      `Invalid content-type. Supported request media types for this service are: [${tableMediaTypes.join(', ')}]`,
    );
  }
  const charset = details.find((detail) => detail.startsWith('charset='))?.slice('charset='.length) ?? '';
  return { type, charset: charset.replaceAll('"', '') || 'utf-8' };
};
