// One entry of a list to pick from, in the shape that the platform gives tables and choices alike.

/** The rest of the entry never changes here; connectors read it all the same. */
export const pickerEntry = (value: string, label: string) => ({
  label,
  used: false,
  reference: false,
  rawLabel: label,
  sequence: 0,
  selected: false,
  missing: false,
  image: '',
  value,
});
