// The list of operator families. Must hold no rule of its own.
import { between } from './between.ts';
import { comparison } from './comparison.ts';
import { emptiness } from './emptiness.ts';
import { equality } from './equality.ts';
import { membership } from './membership.ts';
import type { Operator } from './operator.ts';
import { pattern } from './pattern.ts';

export const operators: readonly Operator[] = [equality, comparison, membership, pattern, emptiness, between];
