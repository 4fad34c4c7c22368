// One field of a record, as scripts hold it: text, shown text, and the way to the record it refers to.
(function element(kit) {
  const numbers = new Set(['integer', 'longint', 'decimal', 'float', 'currency', 'price', 'percent_complete']);

  const GlideElement = class GlideElement {
    constructor(record, name) {
      Object.defineProperty(this, 'at', { value: { record, name } });
    }
    getName() {
      return this.at.name;
    }
    getTableName() {
      return this.at.record.table;
    }
    getLabel() {
      return this.at.record.fieldOf(this.at.name)?.label ?? '';
    }
    getReferenceTable() {
      return this.at.record.fieldOf(this.at.name)?.reference || null;
    }
    getRefRecord() {
      const table = this.getReferenceTable();
      if (!table) return null;
      const record = new (kit.use('glide_record.js').GlideRecord)(table);
      record.get(this.toString());
      return record;
    }
    getDisplayValue() {
      return this.at.record.show(this.at.name);
    }
    setValue(value) {
      this.at.record.set(this.at.name, value);
    }
    nil() {
      return this.toString() === '';
    }
    hasValue() {
      return !this.nil();
    }
    changes() {
      return this.at.record.differs(this.at.name);
    }
    changesFrom(value) {
      return this.changes() && this.at.record.stored(this.at.name) === kit.text(value);
    }
    changesTo(value) {
      return this.changes() && this.toString() === kit.text(value);
    }
    canRead() {
      return this.at.record.may('read', this.at.name);
    }
    canWrite() {
      return this.at.record.may('write', this.at.name);
    }
    toString() {
      return this.at.record.text(this.at.name);
    }
    toJSON() {
      return this.toString();
    }
    /** Booleans compare with true and with '1', numbers count, everything else is text. */
    [Symbol.toPrimitive](hint) {
      const text = this.toString();
      const type = this.at.record.fieldOf(this.at.name)?.type;
      if (hint !== 'string' && type === 'boolean') return text === 'true';
      if (hint === 'number' && (numbers.has(type) || /^-?\d+(\.\d+)?$/.test(text))) return Number(text);
      return text;
    }
  };

  // A dot-walk: a name that the element does not have itself is a field of the record it refers to.
  const walk = {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target) return Reflect.get(target, key, receiver);
      return target.at.record.related(target.at.name)[key];
    },
    set(target, key) {
      throw new TypeError(
        `${target.at.name}.${String(key)} belongs to another record: read it with getRefRecord() and update that`,
      );
    },
  };

  return {
    makeElement(record, name) {
      const made = new GlideElement(record, name);
      return record.fieldOf(name)?.reference ? new Proxy(made, walk) : made;
    },
  };
});
