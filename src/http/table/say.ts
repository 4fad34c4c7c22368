// A selection as the body of an answer, in the form the caller accepts.
// It must not choose columns or rows: records/ has decided what may be seen.
import type { Selection } from '../../records/records.ts';
import type { Answer, Asked } from '../api.ts';
import { readOptions } from './read_options.ts';
