// Numbers. Kept as numbers in the row so that they compare and sum as numbers, and as text everywhere else.
import type { FieldType } from './field_type.ts';

const pattern = /^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,3})?$/;

const readNumber = (text: string): number | undefined => {
  const trimmed = text.trim();
  if (!/\d/.test(trimmed) || !pattern.test(trimmed)) return undefined;
  const value = Number(trimmed.replaceAll(',', ''));
  return Number.isFinite(value) ? value : undefined;
};

// JavaScript writes 1e21 and 1e-7 with an exponent; the wire has plain digits.
const plain = (value: number): string => {
  const text = String(value);
  if (!text.includes('e')) return text;
  return Math.abs(value) < 1 ? value.toFixed(20).replace(/\.?0+$/, '') : BigInt(value).toString();
};

const whole = (limit: number): Omit<FieldType, 'names'> => ({
  columnType: 'integer',
  maxLength: 40,
  read(text) {
    const value = readNumber(text);
    if (value === undefined) return undefined;
    const cut = Math.trunc(value);
    return Math.abs(cut) > limit ? undefined : String(cut === 0 ? 0 : cut);
  },
  toColumn: (text) => Number(text),
  toText: (value) => String(value),
  show: (text) => text.replace(/\B(?=(?:\d{3})+$)/g, ','),
});

export const integerTypes: FieldType = {
  names: ['integer', 'percent_complete', 'order_index', 'auto_increment', 'counter'],
  ...whole(2_147_483_647),
  // A choice such as state or priority shows its label, so only plain amounts come here; the platform groups thousands.
};

export const longTypes: FieldType = { names: ['longint'], ...whole(Number.MAX_SAFE_INTEGER) };

export const decimalTypes: FieldType = {
  names: ['decimal', 'float', 'currency', 'currency2', 'price'],
  columnType: 'real',
  maxLength: 40,
  read(text) {
    // `USD;12.50` is how the platform writes an amount with its currency; the amount is what is kept.
    const value = readNumber(text.replace(/^[A-Z]{3};/, ''));
    return value === undefined ? undefined : plain(value === 0 ? 0 : value);
  },
  toColumn: (text) => Number(text),
  toText: (value) => (typeof value === 'number' ? plain(value) : String(value)),
  show: (text) => text,
};
