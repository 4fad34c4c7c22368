// GlideDateTime and GlideDate: a moment in UTC that can be shown, moved and compared. It is shown in the zone and the
// format of the caller.
(function glideDateTime(kit) {
  const { toWall, fromWall, offsetAt, write, read, show, readShown, add } = kit.use('moments.js');
  const count = (value) => Math.trunc(Number(value)) || 0;
  const daysInMonth = (ms) => new Date(Date.UTC(new Date(ms).getUTCFullYear(), new Date(ms).getUTCMonth() + 1, 0)).getUTCDate();
  const weekday = (ms) => new Date(ms).getUTCDay() || 7;

  const read_any = (value) => {
    if (value === undefined) return kit.now();
    if (typeof value === 'number') return value;
    if (value instanceof GlideDateTime) return value.getNumericValue();
    return read(kit.text(value));
  };

  class GlideDateTime {
    constructor(value) {
      this.setValue(value);
    }
    isValid() {
      return write(this.ms) !== '';
    }
    getValue() {
      return write(this.ms);
    }
    setValue(value) {
      const ms = read_any(value);
      Object.defineProperty(this, 'ms', { value: Math.floor(ms / 1000) * 1000, writable: true, configurable: true });
    }
    getDisplayValue() {
      return show(this.getDisplayValueInternal());
    }
    getDisplayValueInternal() {
      return this.isValid() ? write(toWall(this.ms)) : '';
    }
    /** As the caller writes moments, or as they are stored; whatever is neither makes it no moment. */
    setDisplayValue(text) {
      this.ms = fromWall(readShown(kit.text(text)));
    }
    getNumericValue() {
      return this.ms;
    }
    getTZOffset() {
      return offsetAt(this.ms);
    }
    getDate() {
      return new GlideDate(this.getValue().slice(0, 10));
    }
    getLocalDate() {
      return new GlideDate(this.getDisplayValueInternal().slice(0, 10));
    }
    compareTo(other) {
      return Math.sign(this.ms - read_any(other));
    }
    equals(other) {
      return this.compareTo(other) === 0;
    }
    before(other) {
      return this.compareTo(other) < 0;
    }
    after(other) {
      return this.compareTo(other) > 0;
    }
    onOrBefore(other) {
      return this.compareTo(other) <= 0;
    }
    onOrAfter(other) {
      return this.compareTo(other) >= 0;
    }
    /** Milliseconds. */
    add(ms) {
      this.ms += count(ms?.getNumericValue ? ms.getNumericValue() : ms);
    }
    subtract(ms) {
      this.ms -= count(ms?.getNumericValue ? ms.getNumericValue() : ms);
    }
    addSeconds(seconds) {
      this.ms = add(this.ms, 'second', count(seconds));
    }
    getDaysInMonthUTC() {
      return daysInMonth(this.ms);
    }
    getDaysInMonthLocalTime() {
      return daysInMonth(toWall(this.ms));
    }
    toString() {
      return this.getValue();
    }
    toJSON() {
      return this.getValue();
    }
    /** Milliseconds from the first to the second, as an object that can be shown. */
    static subtract(first, second) {
      return new GlideDuration(read_any(second) - read_any(first));
    }
  }

  class GlideDuration {
    constructor(ms) {
      Object.defineProperty(this, 'ms', { value: count(ms) });
    }
    getNumericValue() {
      return this.ms;
    }
    getDisplayValue() {
      const seconds = Math.floor(Math.abs(this.ms) / 1000);
      const parts = [
        [Math.floor(seconds / 86400), 'Day'],
        [Math.floor(seconds / 3600) % 24, 'Hour'],
        [Math.floor(seconds / 60) % 60, 'Minute'],
        [seconds % 60, 'Second'],
      ];
      const shown = parts.filter(([amount]) => amount > 0).map(([amount, name]) => `${amount} ${name}${amount === 1 ? '' : 's'}`);
      return shown.join(' ') || '0 Seconds';
    }
    getValue() {
      return write(Math.abs(this.ms));
    }
    toString() {
      return this.getValue();
    }
  }

  // addDaysUTC counts on the UTC calendar, addDaysLocalTime and addDays on the caller's; across a clock change the two differ.
  for (const [name, unit] of [
    ['Days', 'day'],
    ['Weeks', 'week'],
    ['Months', 'month'],
    ['Years', 'year'],
  ]) {
    const onUtc = function (amount) {
      this.ms = add(this.ms, unit, count(amount));
    };
    const onWall = function (amount) {
      this.ms = fromWall(add(toWall(this.ms), unit, count(amount)));
    };
    Object.assign(GlideDateTime.prototype, { [`add${name}UTC`]: onUtc, [`add${name}LocalTime`]: onWall, [`add${name}`]: onWall });
  }
  for (const [name, part] of [
    ['Year', (ms) => new Date(ms).getUTCFullYear()],
    ['Month', (ms) => new Date(ms).getUTCMonth() + 1],
    ['DayOfMonth', (ms) => new Date(ms).getUTCDate()],
    ['DayOfWeek', weekday],
  ]) {
    const onUtc = function () {
      return part(this.ms);
    };
    const onWall = function () {
      return part(toWall(this.ms));
    };
    Object.assign(GlideDateTime.prototype, { [`get${name}UTC`]: onUtc, [`get${name}LocalTime`]: onWall });
  }

  class GlideDate extends GlideDateTime {
    constructor(value) {
      super(value === undefined ? write(toWall(kit.now())).slice(0, 10) : kit.text(value).slice(0, 10));
    }
    getValue() {
      return write(this.ms).slice(0, 10);
    }
    getDisplayValueInternal() {
      return this.getValue();
    }
  }

  return { GlideDateTime, GlideDate, GlideDuration };
});
