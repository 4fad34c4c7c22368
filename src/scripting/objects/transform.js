// source, target, map and the other variables of transform scripts. What a script did to them is read after the run.
(function transform(kit) {
  const { GlideRecord, stateOf } = kit.use('glide_record.js');
  const flags = ['action', 'ignore', 'error', 'status_message', 'error_message', 'answer', 'name', 'value'];
  let source;
  let target;

  /** A record that is already at hand: `values` as stored, `pending` as mapped so far. */
  const hold = (given) => {
    const record = new GlideRecord(given.table);
    const state = stateOf(record);
    state.become(given.values ?? {}, Boolean(given.isNew));
    for (const name of Object.keys(given.pending ?? {})) state.pending[name] = given.pending[name];
    return record;
  };
  const changesOf = (record) => {
    if (!record) return undefined;
    const state = stateOf(record);
    return { values: { ...state.pending }, abort: state.abort };
  };
  const log = {};
  for (const level of ['info', 'warn', 'error', 'debug']) log[level] = (text) => kit.log(level, text);

  return {
    begin(globals) {
      source = globals.source ? hold(globals.source) : undefined;
      target = globals.target ? hold(globals.target) : undefined;
      Object.assign(globalThis, {
        source,
        target,
        log,
        map: globals.map ?? {},
        import_set: globals.import_set ?? {},
        response: {},
      });
      for (const flag of flags) globalThis[flag] = globals[flag] ?? (flag === 'ignore' || flag === 'error' ? false : '');
    },
    finish() {
      const variables = { source: changesOf(source), target: changesOf(target), response: globalThis.response };
      for (const flag of flags) {
        const value = globalThis[flag];
        const isFlag = flag === 'ignore' || flag === 'error';
        variables[flag] = isFlag ? value === true || kit.text(value) === 'true' : kit.text(value);
      }
      return variables;
    },
  };
});
