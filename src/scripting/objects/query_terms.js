// The conditions of GlideRecord and GlideAggregate as encoded query text.
(function queryTerms(kit) {
  const operators = new Map(
    [
      '=',
      '!=',
      '<',
      '<=',
      '>',
      '>=',
      'IN',
      'NOT IN',
      'STARTSWITH',
      'ENDSWITH',
      'CONTAINS',
      'DOES NOT CONTAIN',
      'LIKE',
      'NOT LIKE',
    ]
      .concat(['SAMEAS', 'NSAMEAS', 'INSTANCEOF', 'BETWEEN', 'GT_FIELD', 'LT_FIELD', 'GT_OR_EQUALS_FIELD', 'LT_OR_EQUALS_FIELD'])
      .map((operator) => [operator, operator]),
  );
  operators.set('CONTAINS', 'LIKE').set('DOES NOT CONTAIN', 'NOT LIKE').set('==', '=').set('<>', '!=');

  const fieldName = (name) => {
    const text = kit.text(name);
    if (!/^\w+(\.\w+)*$/.test(text)) throw new TypeError(`'${text}' is not the name of a field`);
    return text;
  };
  /** One term. A value can never end its own term: a caret in it is doubled. */
  const term = (args) => {
    const [field, second, third] = args;
    const name = fieldName(field);
    const asked = args.length > 2 ? `${second}`.trim().toUpperCase() : '=';
    const operator = operators.get(asked);
    if (operator === undefined) throw new TypeError(`'${second}' is not an operator of addQuery`);
    const given = args.length > 2 ? third : second;
    const value = Array.isArray(given) ? given.map(kit.text).join(',') : kit.text(given);
    if (value === '' && operator === '=') return `${name}ISEMPTY`;
    if (value === '' && operator === '!=') return `${name}ISNOTEMPTY`;
    return `${name}${operator}${value.replaceAll('^', '^^')}`;
  };

  return {
    fieldName,
    makeTerms() {
      const groups = [];
      const add = (text) => {
        const group = [text];
        groups.push(group);
        const condition = {
          addOrCondition(...args) {
            group.push(term(args));
            return condition;
          },
        };
        return condition;
      };
      return {
        add: (args) => add(args.length === 1 ? kit.text(args[0]) : term(args)),
        addEncoded: (text) => void (kit.text(text) && add(kit.text(text))),
        addEmpty: (field, isEmpty) => add(`${fieldName(field)}${isEmpty ? 'ISEMPTY' : 'ISNOTEMPTY'}`),
        text: () => groups.map((group) => group.join('^OR')).join('^'),
      };
    },
  };
});
