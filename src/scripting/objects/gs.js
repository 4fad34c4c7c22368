// gs: who is calling, properties, the log, dates and small conveniences.
(function systemObject(kit) {
  const { toWall, fromWall, write, read, add, startOf } = kit.use('moments.js');
  const messages = [];

  const fill = (text, parts) => parts.reduce((filled, part, at) => filled.replaceAll(`{${at}}`, `${part}`), `${text}`);
  const logger =
    (level) =>
    (text, ...parts) =>
      kit.log(level, fill(text, parts));

  const gs = {
    getUserID: () => kit.environment.user.sysId,
    getUserName: () => kit.environment.user.name,
    getUserDisplayName: () => kit.environment.user.displayName,
    getUser: () => ({
      getID: gs.getUserID,
      getName: gs.getUserName,
      getDisplayName: gs.getUserDisplayName,
      hasRole: gs.hasRole,
      getRoles: () => [...kit.environment.user.roles],
    }),
    /** One role or a comma list: any of them will do; admin has them all. */
    hasRole: (names) => {
      const held = kit.environment.user.roles;
      return (
        held.includes('admin') ||
        kit
          .text(names)
          .split(',')
          .some((name) => held.includes(name.trim()))
      );
    },
    isLoggedIn: () => gs.getUserID() !== '',
    isInteractive: () => false,
    getSession: () => ({
      getUserID: gs.getUserID,
      getTimeZoneName: () => kit.environment.timeZone,
      isLoggedIn: gs.isLoggedIn,
      isInteractive: () => false,
    }),
    getProperty: (name, otherwise) =>
      kit.call('property', { name: kit.text(name) }) ?? (otherwise === undefined ? null : otherwise),
    log: (text, source) => kit.log('info', source === undefined ? `${text}` : `${source}: ${text}`),
    debug: logger('debug'),
    info: logger('info'),
    warn: logger('warn'),
    error: logger('error'),
    print: logger('info'),
    addErrorMessage: (text) => void messages.push({ type: 'error', text: `${text}` }),
    addInfoMessage: (text) => void messages.push({ type: 'info', text: `${text}` }),
    getErrorMessages: () => messages.filter(({ type }) => type === 'error').map(({ text }) => text),
    flushMessages: () => void messages.splice(0),
    getMessage: (text, parts) => fill(text, Array.isArray(parts) ? parts : []),
    nil: (value) => value === undefined || value === null || kit.text(value) === '',
    tableExists: (name) => Boolean(kit.call('describe', { table: kit.text(name) })),
    include: (name) => (globalThis[kit.text(name)] === undefined ? kit.include(kit.text(name)) !== undefined : true),
    generateGUID: () => kit.call('guid', {}),
    sleep: () => undefined,

    now: () => write(toWall(kit.now())).slice(0, 10),
    nowDateTime: () => write(toWall(kit.now())),
    nowNoTZ: () => write(kit.now()),
    dateGenerate: (date, time) => {
      const clock = { start: '00:00:00', end: '23:59:59' }[time] ?? time;
      return write(fromWall(read(clock === undefined ? date : `${date} ${clock}`)));
    },
  };
  gs.logWarning = gs.warn;
  gs.logError = gs.error;

  // daysAgo(n) is now minus n days; daysAgoStart and daysAgoEnd are the edges of that day in the caller's zone. All answer UTC.
  const amount = (value) => Math.trunc(Number(value)) || 0;
  for (const unit of ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']) {
    const then = (count) => add(toWall(kit.now()), unit, -amount(count));
    gs[`${unit}sAgo`] = (count) => write(fromWall(then(count)));
    gs[`${unit}sAgoStart`] = (count) => write(fromWall(startOf(then(count), unit)));
    gs[`${unit}sAgoEnd`] = (count) => write(fromWall(add(startOf(then(count), unit), unit, 1)) - 1000);
  }
  const edges = (name, unit, from, length = 1) => {
    const start = () => add(startOf(toWall(kit.now()), unit), unit, from);
    gs[`beginningOf${name}`] = () => write(fromWall(start()));
    gs[`endOf${name}`] = () => write(fromWall(add(start(), unit, length)) - 1000);
  };
  edges('Today', 'day', 0);
  edges('Yesterday', 'day', -1);
  edges('Tomorrow', 'day', 1);
  for (const [name, unit] of [
    ['Week', 'week'],
    ['Month', 'month'],
    ['Quarter', 'quarter'],
    ['Year', 'year'],
  ]) {
    edges(`This${name}`, unit, 0);
    edges(`Last${name}`, unit, -1);
    edges(`Next${name}`, unit, 1);
  }

  edges('Last2Months', 'month', -1, 2);
  edges('Last3Months', 'month', -2, 3);
  edges('Last6Months', 'month', -5, 6);
  edges('Last12Months', 'month', -11, 12);

  return { gs };
});
