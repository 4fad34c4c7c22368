// Moments as numbers: UTC milliseconds, and "wall" milliseconds, which read in UTC show what the clock in the caller's zone shows.
(function moments(kit) {
  const offsets = new Map();
  const hourMs = 3_600_000;
  // Years of four digits: what is stored has no others.
  const [firstMs, lastMs] = [Date.UTC(1000, 0, 1), Date.UTC(9999, 11, 31, 23, 59, 59, 999)];
  const isWritten = (ms) => ms >= firstMs && ms <= lastMs;
  /** Milliseconds that the caller's zone is ahead of UTC; a zone changes its offset at full quarters of an hour. */
  const offsetAt = (atMs) => {
    if (kit.environment.timeZone === 'UTC' || !isWritten(atMs)) return 0;
    const slot = Math.floor(atMs / (hourMs / 4));
    if (!offsets.has(slot)) offsets.set(slot, kit.call('zone_offset', { atMs: slot * (hourMs / 4) }));
    return offsets.get(slot);
  };
  const toWall = (atMs) => atMs + offsetAt(atMs);
  const fromWall = (wallMs) => {
    const guess = wallMs - offsetAt(wallMs);
    return wallMs - offsetAt(guess);
  };
  const write = (ms) => (!isWritten(ms) ? '' : new Date(ms).toISOString().slice(0, 19).replace('T', ' '));
  const read = (text) => {
    const parts = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?(Z)?)?$/.exec(`${text}`.trim());
    if (!parts) return Number.NaN;
    const [, year, month, day, hours = '00', minutes = '00', seconds = '00'] = parts;
    const normal = `${year}-${month}-${day} ${hours}:${minutes}:${seconds}`;
    const ms = Date.parse(`${normal.replace(' ', 'T')}Z`);
    return write(ms) === normal ? ms : Number.NaN;
  };

  /** A moment on the wall clock as the caller writes moments, and back; as it is stored where he writes no other way. */
  const show = (wallText) =>
    kit.environment.writesMoments && wallText !== '' ? kit.call('moment_text', { text: wallText }) : wallText;
  const readShown = (text) => {
    const stored = kit.environment.writesMoments ? kit.call('moment_read', { text: `${text}` }) : null;
    return read(stored ?? text);
  };

  const dayMs = 24 * hourMs;
  const fixed = { second: 1000, minute: 60_000, hour: hourMs, day: dayMs, week: 7 * dayMs };
  const months = { month: 1, quarter: 3, year: 12 };
  /** Adds whole units; the 31st plus a month is the last of the next. */
  const add = (ms, unit, count) => {
    if (fixed[unit]) return ms + fixed[unit] * count;
    const date = new Date(ms);
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + months[unit] * count);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(day, last));
    return date.getTime();
  };
  /** The beginning of the unit that holds the moment; weeks begin on Monday. */
  const startOf = (ms, unit) => {
    if (unit === 'week') {
      const day = Math.floor(ms / dayMs);
      return (day - ((((day + 3) % 7) + 7) % 7)) * dayMs;
    }
    if (fixed[unit]) return Math.floor(ms / fixed[unit]) * fixed[unit];
    const date = new Date(ms);
    const month = unit === 'year' ? 0 : Math.floor(date.getUTCMonth() / months[unit]) * months[unit];
    return Date.UTC(date.getUTCFullYear(), month, 1);
  };
  return { toWall, fromWall, offsetAt, write, read, show, readShown, add, startOf };
});
