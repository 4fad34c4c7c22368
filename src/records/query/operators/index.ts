// The list of operator families. Must hold no rule of its own.
import { between } from './between.ts';
import { instanceOf } from './class.ts';
import { comparison } from './comparison.ts';
import { datePart } from './date_part.ts';
import { dynamic } from './dynamic.ts';
import { emptiness } from './emptiness.ts';
import { equality } from './equality.ts';
import { fieldComparison } from './field_comparison.ts';
import { hierarchy } from './hierarchy.ts';
import { membership } from './membership.ts';
import { neverInReads } from './never_in_reads.ts';
import { on } from './on.ts';
import type { Operator } from './operator.ts';
import { pattern } from './pattern.ts';
import { relative } from './relative.ts';
import { trend } from './trend.ts';

export const operators: readonly Operator[] = [
  equality,
  comparison,
  membership,
  pattern,
  emptiness,
  between,
  fieldComparison,
  on,
  datePart,
  relative,
  trend,
  dynamic,
  instanceOf,
  hierarchy,
  neverInReads,
];
