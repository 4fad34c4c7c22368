// GlideRecord: a query, a walk over its records, and changes to them, all with the rights of the caller.
// Moments are UTC in values and in the caller's zone in display values.
(function glideRecord(kit) {
  const { makeElement } = kit.use('element.js');
  const { makeTerms, fieldName } = kit.use('query_terms.js');
  const { makeRecordState } = kit.use('record_state.js');
  const stateOf = new WeakMap();
  /** The same by what stands behind a record's proxy. */
  const shownOf = new WeakMap();
  const my = (record) => stateOf.get(record);

  const methods = {
    initialize() {
      my(this).become({}, true);
    },
    newRecord() {
      my(this).become(kit.call('defaults', { table: my(this).table }) ?? {}, true);
    },
    addQuery(...args) {
      return my(this).terms.add(args);
    },
    addEncodedQuery(text) {
      my(this).terms.addEncoded(text);
    },
    addActiveQuery() {
      return my(this).terms.add(['active', 'true']);
    },
    addInactiveQuery() {
      return my(this).terms.add(['active', 'false']);
    },
    addNullQuery(field) {
      return my(this).terms.addEmpty(field, true);
    },
    addNotNullQuery(field) {
      return my(this).terms.addEmpty(field, false);
    },
    getEncodedQuery() {
      return my(this).encoded();
    },
    orderBy(field) {
      my(this).orders.push(`ORDERBY${fieldName(field)}`);
    },
    orderByDesc(field) {
      my(this).orders.push(`ORDERBYDESC${fieldName(field)}`);
    },
    setLimit(count) {
      my(this).window = { offset: 0, limit: Math.max(0, Math.trunc(Number(count)) || 0) };
    },
    chooseWindow(first, last) {
      const offset = Math.max(0, Math.trunc(Number(first)) || 0);
      my(this).window = { offset, limit: Math.max(0, (Math.trunc(Number(last)) || 0) - offset) };
    },
    query(...args) {
      if (args.length === 2) my(this).terms.add(args);
      my(this).open();
    },
    next() {
      return my(this).next();
    },
    _next() {
      return my(this).next();
    },
    _query() {
      my(this).open();
    },
    hasNext() {
      return my(this).hasNext();
    },
    getRowCount() {
      return my(this).total;
    },
    get(...args) {
      return my(this).find(args);
    },
    getValue(name) {
      const text = my(this).text(kit.text(name));
      if (my(this).fieldOf(kit.text(name))?.type === 'boolean' && text !== '') return text === 'true' ? '1' : '0';
      return text === '' ? null : text;
    },
    setValue(name, value) {
      my(this).set(kit.text(name), value);
    },
    getDisplayValue(name) {
      return my(this).show(name === undefined ? my(this).description().display : kit.text(name));
    },
    getElement(path) {
      return kit
        .text(path)
        .split('.')
        .reduce((from, name) => from?.[name], this);
    },
    getUniqueValue() {
      return my(this).text('sys_id') || null;
    },
    getTableName() {
      return my(this).table;
    },
    getRecordClassName() {
      return my(this).text('sys_class_name') || my(this).table;
    },
    getClassDisplayValue() {
      return my(this).description().label;
    },
    getLabel() {
      return my(this).description().label;
    },
    getFields() {
      return Object.keys(my(this).description().fields).map((name) => makeElement(my(this), name));
    },
    isValid() {
      return my(this).isKnownTable();
    },
    isValidRecord() {
      return my(this).current !== undefined && !my(this).isNew;
    },
    isValidField(name) {
      return my(this).fieldOf(kit.text(name)) !== undefined;
    },
    isNewRecord() {
      return my(this).isNew;
    },
    changes() {
      return Object.keys(my(this).pending).some((name) => my(this).differs(name));
    },
    insert() {
      return my(this).insert();
    },
    update() {
      return my(this).isNew ? my(this).insert() : my(this).update();
    },
    deleteRecord() {
      return my(this).remove();
    },
    updateMultiple() {
      const { pending } = my(this);
      my(this).each((state) => {
        state.pending = Object.assign(Object.create(null), pending);
        state.update();
      });
    },
    deleteMultiple() {
      my(this).each((state) => state.remove());
    },
    setAbortAction(abort) {
      my(this).abort = Boolean(abort);
    },
    isActionAborted() {
      return my(this).abort;
    },
    getLastErrorMessage() {
      return my(this).lastError;
    },
    canRead() {
      return my(this).may('read');
    },
    canWrite() {
      return my(this).may('write');
    },
    canCreate() {
      return my(this).may('create');
    },
    canDelete() {
      return my(this).may('delete');
    },
    // The original's switches for its own engine. Rights, rules and stamps are not a script's to turn off here.
    setWorkflow() {},
    autoSysFields() {},
    toString() {
      return my(this).text('sys_id');
    },
    toJSON() {
      return my(this).plain();
    },
  };

  // A name is a method, or a field, or nothing.
  const handler = {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in methods) return Reflect.get(target, key, receiver);
      const state = stateOf.get(receiver);
      return state?.fieldOf(key) ? makeElement(state, key) : Reflect.get(target, key, receiver);
    },
    set(target, key, value, receiver) {
      const state = stateOf.get(receiver);
      if (typeof key === 'symbol' || key in methods || !state) return Reflect.set(target, key, value, receiver);
      state.set(key, value);
      return true;
    },
    has(target, key) {
      return key in target;
    },
    // `for (var field in record)` and Object.keys go over the fields, as they do in the original.
    ownKeys(target) {
      return [...new Set([...Object.keys(shownOf.get(target)?.description().fields ?? {}), ...Reflect.ownKeys(target)])];
    },
    getOwnPropertyDescriptor(target, key) {
      const state = typeof key === 'string' && !(key in methods) ? shownOf.get(target) : undefined;
      if (!state?.fieldOf(key)) return Reflect.getOwnPropertyDescriptor(target, key);
      return { value: makeElement(state, key), writable: true, enumerable: true, configurable: true };
    },
  };

  function GlideRecord(table, given) {
    const target = Object.create(GlideRecord.prototype);
    const record = new Proxy(target, handler);
    const state = given ?? makeRecordState(kit.text(table), makeTerms());
    stateOf.set(record, state);
    shownOf.set(target, state);
    return record;
  }
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(GlideRecord.prototype, name, { value, writable: true, configurable: true, enumerable: false });
  Object.defineProperty(GlideRecord.prototype, 'constructor', { value: GlideRecord });

  return { GlideRecord, GlideRecordSecure: GlideRecord, stateOf: my };
});
