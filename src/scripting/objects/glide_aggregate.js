// GlideAggregate: counts and sums over the records a caller may read, in groups.
(function glideAggregate(kit) {
  const { makeTerms, fieldName } = kit.use('query_terms.js');
  const functions = new Set(['COUNT', 'SUM', 'AVG', 'MIN', 'MAX']);
  const keyOf = (name, field) => `${name}:${field}`;
  const functionName = (name) => {
    const text = kit.text(name).toUpperCase();
    if (!functions.has(text)) throw new TypeError(`'${name}' is not an aggregate: use ${[...functions].join(', ')}`);
    return text;
  };

  /** A grouped field of one result, as a record's field is held. */
  class GroupedField {
    #group;
    constructor(group) {
      this.#group = group;
    }
    getDisplayValue() {
      return this.#group.display ?? '';
    }
    nil() {
      return this.toString() === '';
    }
    toString() {
      return this.#group.value ?? '';
    }
    toJSON() {
      return this.toString();
    }
  }

  class GlideAggregate {
    #table;
    #terms = makeTerms();
    #aggregates = new Map();
    #groups = [];
    #orders = [];
    #results = [];
    #at = -1;
    constructor(table) {
      this.#table = kit.text(table);
    }
    addQuery(...args) {
      return this.#terms.add(args);
    }
    addEncodedQuery(text) {
      this.#terms.addEncoded(text);
    }
    addNullQuery(field) {
      return this.#terms.addEmpty(field, true);
    }
    addNotNullQuery(field) {
      return this.#terms.addEmpty(field, false);
    }
    addActiveQuery() {
      return this.#terms.add(['active', 'true']);
    }
    addAggregate(name, field) {
      const wanted = { name: functionName(name), field: field === undefined || field === null ? '' : fieldName(field) };
      if (wanted.name !== 'COUNT' && wanted.field === '') throw new TypeError(`${wanted.name} needs a field`);
      this.#aggregates.set(keyOf(wanted.name, wanted.field), wanted);
      if (wanted.name === 'COUNT' && wanted.field !== '') this.groupBy(wanted.field);
    }
    groupBy(field) {
      if (!this.#groups.includes(fieldName(field))) this.#groups.push(fieldName(field));
    }
    orderBy(field) {
      this.#orders.push({ field: fieldName(field), descending: false });
    }
    orderByDesc(field) {
      this.#orders.push({ field: fieldName(field), descending: true });
    }
    orderByAggregate(name, field) {
      this.#orders.push({ aggregate: functionName(name), field: field === undefined ? '' : fieldName(field), descending: true });
    }
    getEncodedQuery() {
      return this.#terms.text();
    }
    query() {
      this.#at = -1;
      this.#results = kit.call('aggregate', {
        table: this.#table,
        query: this.#terms.text(),
        aggregates: [...this.#aggregates.values()],
        groups: this.#groups,
        orders: this.#orders,
      });
    }
    hasNext() {
      return this.#at + 1 < this.#results.length;
    }
    next() {
      if (!this.hasNext()) return false;
      this.#at += 1;
      return true;
    }
    getRowCount() {
      return this.#results.length;
    }
    getAggregate(name, field) {
      const wanted = keyOf(functionName(name), field === undefined || field === null ? '' : fieldName(field));
      return this.#results[this.#at]?.aggregates[wanted] ?? null;
    }
    getValue(field) {
      return this.#results[this.#at]?.groups[kit.text(field)]?.value ?? null;
    }
    getDisplayValue(field) {
      return this.#results[this.#at]?.groups[kit.text(field)]?.display ?? null;
    }
    static grouped(aggregate, field) {
      const groups = aggregate.#results[aggregate.#at]?.groups ?? {};
      return Object.hasOwn(groups, field) ? new GroupedField(groups[field]) : undefined;
    }
    getTableName() {
      return this.#table;
    }
  }

  // Grouped fields can also be read by their names, as on a record.
  const readable = {
    get(target, key) {
      const value = target[key];
      if (typeof value === 'function') return value.bind(target);
      return typeof key === 'string' && value === undefined ? GlideAggregate.grouped(target, key) : value;
    },
  };
  return {
    GlideAggregate: new Proxy(GlideAggregate, { construct: (made, args) => new Proxy(new made(...args), readable) }),
  };
});
