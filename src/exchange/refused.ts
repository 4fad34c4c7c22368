// What an applier answers that will not have a message, however often it comes.
import type { Outcome } from './seams.ts';

export const refused = (code: string, detail: string): Outcome => ({ outcome: 'refused', code, detail, permanent: true });
