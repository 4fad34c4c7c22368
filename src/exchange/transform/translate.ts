// Says a value of one side in the words of the other, by the lists that administrators keep. Must not change rows.
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import { type Direction, prefixOf, type Side } from '../definition/field_map.ts';

export interface TranslateRequest {
  definition: Row;
  connection: Row;
  side: Side;
  direction: Direction;
  field: { source: string; target: string };
  value: string;
  display: string;
}

/** `isUnmapped`: the value is in no line, and went as the transform's policy says. */
export type Translated =
  | { readonly value: string; readonly display: string; readonly isUnmapped: boolean }
  | { readonly refused: string };

const findTransform = async (
  within: RecordsInTransaction,
  { definition, connection, side, direction, field }: TranslateRequest,
  flowsToConsumer: boolean,
): Promise<Row | undefined> => {
  const found = await within.findBy(`sn_sb_${prefixOf(side)}_transform`, {
    provider_table: definition.provider_table ?? '',
    consumer_table: definition.consumer_table ?? '',
    provider_field: flowsToConsumer ? field.source : field.target,
    consumer_field: flowsToConsumer ? field.target : field.source,
    active: 'true',
  });
  const fitting = found.filter(({ type }) => type === 'both' || type === direction);
  const ofCompany = fitting.filter(({ company }) => company !== '' && company === connection.company);
  return ofCompany[0] ?? fitting.find(({ company }) => company === '');
};

export const translate = async (within: RecordsInTransaction, request: TranslateRequest): Promise<Translated> => {
  const { value, display, side, direction, field } = request;
  const flowsToConsumer = (side === 'provider') === (direction === 'outbound');
  const transform = await findTransform(within, request, flowsToConsumer);
  if (!transform) return { value, display, isUnmapped: false };
  const [from, to] = flowsToConsumer ? (['provider', 'consumer'] as const) : (['consumer', 'provider'] as const);
  const lines = await within.findBy('sn_sb_transform_line', { transform: transform.sys_id ?? '' });
  const said = display.toLowerCase();
  const line =
    lines.find((each) => each[`${from}_value`] === value) ??
    lines.find((each) => said !== '' && each[`${from}_value`] === '' && each[`${from}_label`]?.toLowerCase() === said);
  if (line) {
    const [mapped = '', label = ''] = [line[`${to}_value`], line[`${to}_label`]];
    return { value: mapped || label, display: label || mapped, isUnmapped: false };
  }
  // An emptied field is no word that needs translating.
  if (value === '') return { value, display, isUnmapped: false };
  if (transform.unmapped === 'reject')
    return {
      refused: `the value "${value}" of ${field.source} is in no line of the transform ${transform.name || transform.sys_id}`,
    };
  const otherwise = transform.unmapped === 'default' ? (transform.default_value ?? '') : value;
  return { value: otherwise, display: otherwise === value ? display : otherwise, isUnmapped: true };
};
