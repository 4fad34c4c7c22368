// What one GlideRecord holds: its conditions, the records found, the one it stands on and what was changed in it.
(function recordState(kit) {
  const descriptions = new Map();
  const nobody = { label: '', display: 'sys_id', fields: {} };
  const describe = (table) => {
    if (!descriptions.has(table)) descriptions.set(table, kit.call('describe', { table }));
    return descriptions.get(table);
  };
  const own = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);
  const bare = (values) => Object.assign(Object.create(null), values);
  // What the caller may not do, or what is not there, is an answer to a script; a store that is down is not.
  const expected = new Set(['forbidden', 'not_found', 'bad_request', 'conflict', 'too_large']);

  const makeRecordState = (table, terms) => {
    const state = {
      table,
      terms,
      orders: [],
      window: undefined,
      total: 0,
      current: undefined,
      pending: bare({}),
      isNew: false,
      abort: false,
      lastError: '',
      batch: { cursor: '', fields: [], rows: [], at: 0, isLast: true },
      relatedRecords: new Map(),

      description: () => describe(table) ?? nobody,
      isKnownTable: () => Boolean(describe(table)),
      fieldOf: (name) => own(state.description().fields, name),
      encoded: () => [terms.text(), ...state.orders].filter((part) => part !== '').join('^'),

      become(values, isNew) {
        state.current = bare(values);
        state.pending = bare({});
        state.relatedRecords.clear();
        state.isNew = isNew;
        state.abort = false;
        state.lastError = '';
      },
      stored: (name) => own(state.current ?? {}, name) ?? '',
      text: (name) => own(state.pending, name) ?? state.stored(name),
      differs: (name) => state.text(name) !== state.stored(name),
      set(name, value) {
        if (!state.current) state.become({}, true);
        if (!state.fieldOf(name)) return;
        const text = kit.text(value);
        state.pending[name] = state.fieldOf(name).type === 'boolean' ? `${text === 'true' || text === '1'}` : text;
        state.relatedRecords.delete(name);
      },
      plain: () => ({ ...state.current, ...state.pending }),
      show(name) {
        const text = state.text(name);
        if (text === '' || !state.fieldOf(name)) return text;
        return kit.call('show', { table, field: name, value: text }) ?? text;
      },
      related(name) {
        if (!state.relatedRecords.has(name)) {
          const { GlideRecord } = kit.use('glide_record.js');
          const record = new GlideRecord(state.fieldOf(name).reference);
          if (state.text(name) !== '') record.get(state.text(name));
          state.relatedRecords.set(name, record);
        }
        return state.relatedRecords.get(name);
      },

      open() {
        const found = kit.call('open', { table, query: state.encoded(), ...state.window });
        state.batch = { cursor: found.cursor, fields: found.fields, rows: found.rows, at: 0, isLast: found.isLast };
        state.total = found.total;
        state.current = undefined;
      },
      hasNext() {
        const { batch } = state;
        if (batch.at < batch.rows.length) return true;
        if (batch.isLast) return false;
        const more = kit.call('more', { cursor: batch.cursor });
        Object.assign(batch, { rows: more.rows, isLast: more.isLast, at: 0 });
        return state.hasNext();
      },
      next() {
        if (!state.hasNext()) return false;
        const row = state.batch.rows[state.batch.at++];
        state.become(Object.fromEntries(state.batch.fields.map((name, at) => [name, row[at]])), false);
        return true;
      },
      find(args) {
        if (args.length === 1 && kit.text(args[0]) === '') return false;
        const values =
          args.length === 1
            ? kit.call('get', { table, sys_id: kit.text(args[0]) })
            : kit.call('first', { table, field: kit.text(args[0]), value: kit.text(args[1]) });
        if (values) state.become(values, false);
        else state.current = undefined;
        return Boolean(values);
      },
      each(work) {
        state.open();
        while (state.next()) work(state);
      },

      attempt(work) {
        if (state.abort) {
          state.lastError = 'The action was aborted by the script';
          return null;
        }
        try {
          return work();
        } catch (error) {
          if (!expected.has(error.kind)) throw error;
          state.lastError = error.message;
          return null;
        }
      },
      insert: () =>
        state.attempt(() => {
          state.become(kit.call('insert', { table, values: state.plain() }), false);
          return state.text('sys_id');
        }),
      update: () =>
        state.attempt(() => {
          if (!state.current || state.stored('sys_id') === '') return null;
          const changed = Object.keys(state.pending).filter((name) => state.differs(name));
          const values = Object.fromEntries(changed.map((name) => [name, state.pending[name]]));
          if (changed.length > 0) state.become(kit.call('update', { table, sys_id: state.stored('sys_id'), values }), false);
          return state.text('sys_id');
        }),
      remove: () =>
        state.attempt(() => {
          if (!state.current || state.isNew) return false;
          kit.call('remove', { table, sys_id: state.stored('sys_id') });
          return true;
        }) === true,
      may: (operation, field) => kit.call('may', { table, operation, field: field ?? '', sys_id: state.stored('sys_id') }),
    };
    return state;
  };
  return { makeRecordState };
});
