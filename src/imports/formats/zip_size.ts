// How large a zip file would be unpacked, by its own directory. Reads nothing but the directory. Pure.

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endLength = 22;
const entryLength = 46;

const findEnd = (file: Buffer): number => {
  // A comment of up to 64 KiB may follow the end record.
  const first = Math.max(0, file.length - endLength - 65_535);
  for (let at = file.length - endLength; at >= first; at -= 1) if (file.readUInt32LE(at) === endSignature) return at;
  return -1;
};

/** Bytes of all entries together; undefined when the directory is not one. */
export const unpackedSize = (file: Buffer): number | undefined => {
  const end = file.length < endLength ? -1 : findEnd(file);
  if (end < 0) return undefined;
  const count = file.readUInt16LE(end + 10);
  let at = file.readUInt32LE(end + 16);
  let total = 0;
  for (let entry = 0; entry < count; entry += 1) {
    if (at + entryLength > file.length || file.readUInt32LE(at) !== entrySignature) return undefined;
    total += file.readUInt32LE(at + 24);
    at += entryLength + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return total;
};
