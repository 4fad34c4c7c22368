// Recognises that a unique column refused a row, whichever layer put it into words.
import { isFault } from '../kit/fault.ts';

export const isDuplicate = (error: unknown): boolean => isFault(error, 'store.duplicate') || isFault(error, 'records.duplicate');
