// The class style of script includes: Class.create(), Object.extendsObject(Base, { … }), and JSUtil.
(function classes(kit) {
  const Class = {
    /** A constructor that hands its arguments to `initialize`. */
    create: () =>
      function (...args) {
        if (typeof this.initialize === 'function') this.initialize(...args);
      },
  };
  /** What a prototype of a derived class is made of: everything of the base, then what is its own. */
  const extendsObject = (base, own) => {
    const prototype = Object.create(typeof base === 'function' ? base.prototype : base);
    return Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(own ?? {}));
  };
  const nil = (value) => value === undefined || value === null || kit.text(value) === '';
  const JSUtil = {
    nil,
    notNil: (value) => !nil(value),
    has: (value) => value !== undefined && value !== null,
    toBoolean: (value) => value === true || kit.text(value) === 'true' || kit.text(value) === '1',
    instance_of: (value, name) => Boolean(value) && value.constructor?.name === name,
    type_of: (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value),
  };
  return { Class, extendsObject, JSUtil };
});
