// Names that tables and fields may have.
import { valueRefused } from '../refusals.ts';

// PostgreSQL cuts identifiers at 63 bytes; names of tables also stand in names of indexes.
const namePattern = /^[a-z](?!.*__)[a-z0-9_]{0,58}[a-z0-9]$/;

/** Throws `records.value_refused`. */
export const requireName = (label: string, name: string | undefined): void => {
  if (!namePattern.test(name ?? ''))
    throw valueRefused(label, 'Lower-case letters, digits and single underscores, 2 to 60 of them, a letter first');
};
