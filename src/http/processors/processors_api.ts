// Addresses of the form `<table>.do?JSONv2` and `<table>_list.do?CSV`: what the parameter names decides who answers.
import type { Answer, Api, Asked } from '../api.ts';
import { unknownResource } from '../unknown_address.ts';
import { exportCsv } from './csv.ts';
import { type ProcessorParts, readJsonV2, writeJsonV2 } from './json_v2.ts';

const names = (asked: Asked, processor: string): boolean => asked.parameters.pairs.some(([name]) => name === processor);

const read =
  (parts: ProcessorParts) =>
  async (asked: Asked): Promise<Answer> => {
    if (names(asked, 'JSONv2')) return readJsonV2(parts, asked);
    if (names(asked, 'CSV')) return exportCsv(parts, asked);
    throw unknownResource(false);
  };

const write =
  (parts: ProcessorParts) =>
  async (asked: Asked): Promise<Answer> => {
    if (names(asked, 'JSONv2')) return writeJsonV2(parts, asked);
    throw unknownResource(false);
  };

export const makeProcessorsApi = (parts: ProcessorParts): Api => ({
  name: 'processor',
  title: 'Processors',
  base: '',
  versions: [''],
  operations: [
    { method: 'GET', path: '/:table.do', produces: 'as_stored', handle: read(parts) },
    { method: 'POST', path: '/:table.do', produces: 'as_stored', handle: write(parts) },
  ],
});
