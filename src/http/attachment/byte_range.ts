// The Range header (RFC 9110, 14.2): one range of bytes. Several at once are answered with the whole file, as the standard allows.
// It must not read anything.

export type ByteRange = { readonly from: number; readonly to: number } | 'whole' | 'unsatisfiable';

/** Both ends are counted. */
export const readByteRange = (header: string | undefined, sizeBytes: number): ByteRange => {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? 'unsatisfiable' : { from: sizeBytes - length, to: sizeBytes - 1 };
  }
  const from = Number(first);
  const to = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  // A range that ends before it begins is no range at all.
  if (last !== '' && Number(last) < from) return 'whole';
  return from >= sizeBytes ? 'unsatisfiable' : { from, to };
};
