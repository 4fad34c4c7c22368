// The first thing in every sandbox: the way to the host, the names scripts find, and how a run begins and ends.
// Evaluated inside the sandbox. Whatever a script does to the objects here, it does to itself only.
(function core(bridge) {
  const { parse, stringify } = JSON;
  const loaded = new Map();
  let stage;

  const kit = {
    environment: {},
    /** Milliseconds: the host's time at the start of the run, moved on by the engine's own clock. */
    now: () => kit.environment.nowMs + (Date.now() - kit.startedAt),
    startedAt: 0,
    log: (level, text) => bridge.log(level, `${text}`),
    /** The host's answer; an Error with its `code` when the host refuses. */
    call(name, input) {
      const text = bridge.call(name, stringify(input === undefined ? null : input));
      const answer = text === undefined ? {} : parse(text);
      if (!answer.error) return answer.result;
      const error = new Error(answer.error.message);
      error.code = answer.error.code;
      error.kind = answer.error.kind;
      throw error;
    },
    use(file) {
      if (!loaded.has(file)) loaded.set(file, bridge.load(file)(kit));
      return loaded.get(file);
    },
    /** The text that is stored for what a script assigns. */
    text(value) {
      if (value === undefined || value === null) return '';
      if (typeof value === 'object' && typeof value.getValue === 'function' && value.getValue.length === 0)
        return value.getValue() ?? '';
      return `${value}`;
    },
    include(name) {
      const found = /^[\w$]+$/.test(name) ? kit.call('include', { name }) : null;
      if (!found) throw new ReferenceError(`Script include ${name} does not exist`);
      delete globalThis[name];
      found.uses.filter((used) => used !== name).forEach(defineInclude);
      bridge.evaluate(found.source, `sys_script_include.${name}`);
      // Asked for by name, because classes and constants are no properties of the global object.
      const made = bridge.evaluate(`typeof ${name} === 'undefined' ? undefined : ${name}`, 'core.js');
      if (made !== undefined && !(name in globalThis)) defineLazy(name, () => made);
      return made;
    },
  };

  const defineLazy = (name, make) => {
    const settle = (value) =>
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get() {
        const value = make();
        settle(value);
        return value;
      },
      set: settle,
    });
  };
  const defineInclude = (name) => {
    if (name in globalThis) return;
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get: () => kit.include(name),
      set: (value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true }),
    });
  };

  const places = {
    GlideRecord: 'glide_record.js',
    GlideRecordSecure: 'glide_record.js',
    GlideAggregate: 'glide_aggregate.js',
    GlideDateTime: 'glide_date_time.js',
    GlideDate: 'glide_date_time.js',
    gs: 'gs.js',
    Class: 'classes.js',
    JSUtil: 'classes.js',
    sn_ws_err: 'ws_errors.js',
  };
  for (const name of Object.keys(places)) defineLazy(name, () => kit.use(places[name])[name]);
  // Script includes are also called by their scope: global.Name.
  defineLazy('global', () => globalThis);
  Object.defineProperty(Object, 'extendsObject', {
    configurable: true,
    writable: true,
    value: (...parts) => kit.use('classes.js').extendsObject(...parts),
  });

  const stages = { plain: undefined, scripted_rest: 'scripted_rest.js', transform: 'transform.js' };

  return {
    begin(stageName, environmentJson, globalsJson) {
      kit.environment = parse(environmentJson);
      kit.startedAt = Date.now();
      (kit.environment.includes ?? []).forEach(defineInclude);
      const globals = parse(globalsJson);
      stage = stages[stageName] && kit.use(stages[stageName]);
      if (stage) return stage.begin(globals);
      Object.keys(globals).forEach((name) => {
        Object.defineProperty(globalThis, name, { value: globals[name], writable: true, configurable: true, enumerable: true });
      });
    },
    /** Text of what the run yields; null when it is too long. */
    finish(value, readJson, limitText) {
      const variables = stage ? stage.finish(value) : {};
      parse(readJson).forEach((name) => {
        Object.defineProperty(variables, name, { value: globalThis[name], enumerable: true, configurable: true });
      });
      const text = stringify({ value: value === undefined ? null : value, variables });
      return text.length > Number(limitText) ? null : text;
    },
    describe(error) {
      const read = (key) => {
        try {
          const value = error[key];
          return value === undefined || value === null ? undefined : `${value}`;
        } catch {
          return undefined;
        }
      };
      if (error === null) return stringify({ message: 'null, thrown by the script or for want of memory' });
      if (typeof error !== 'object') return stringify({ name: 'Error', message: `${String(error)}` });
      return stringify({
        name: read('name'),
        message: read('message') ?? read('toString'),
        stack: read('stack'),
        status: read('status'),
        detail: read('detail'),
        code: read('code'),
      });
    },
  };
});
