// Is this database the one that lived here last, or an older or another one that took its place? Pure. Where it cannot be known the answer is
// that it is: a healthy instance must never stand still, and its peers find out what cannot be seen from here.
import { type History, isOwnPast, type Lineage, lineageText } from './lineage.ts';
import type { Outside } from './outside.ts';

export interface Kept {
  readonly instanceId: string;
  readonly formerId: string;
  readonly lineage: Lineage;
  readonly history: History;
  readonly baseUrl: string;
  readonly place: string;
  readonly seal: string;
}

export interface Own {
  /** As it was set; '' where it was not. */
  readonly baseUrl: string;
  readonly place: string;
  readonly outside: Outside | undefined;
  /** The key of this instance opens the seal. */
  readonly isOwnKey: boolean;
}

export type CopyReason = 'foreign_key' | 'foreign_folder' | 'restored' | 'copied' | 'address_changed';

export interface Quarantine {
  readonly reason: CopyReason;
  /** A sentence for people. */
  readonly detail: string;
}

export const judgeCopy = (kept: Kept, own: Own): Quarantine | undefined => {
  const { outside } = own;
  if (!own.isOwnKey)
    return { reason: 'foreign_key', detail: 'The database was sealed under another instance key than this instance holds' };
  if (outside && outside.instanceId !== kept.instanceId && outside.instanceId !== kept.formerId)
    return { reason: 'foreign_folder', detail: 'The data folder belongs to another instance than the database' };
  if (outside && outside.instanceId === kept.instanceId && !isOwnPast(kept, outside.lineage))
    return {
      reason: 'restored',
      detail: `The database stands at ${lineageText(kept.lineage)}, and this instance had come to ${lineageText(outside.lineage)}: an older or another one was put in its place`,
    };
  if (kept.place !== '' && own.place !== '' && kept.place !== own.place)
    return { reason: 'copied', detail: 'The database lies in another place than before: it was copied or restored' };
  if (kept.baseUrl !== '' && own.baseUrl !== '' && kept.baseUrl !== own.baseUrl)
    return {
      reason: 'address_changed',
      detail: `The peers know this instance as ${kept.baseUrl}, and it runs as ${own.baseUrl}`,
    };
  return undefined;
};
