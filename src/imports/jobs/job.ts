// What a background import is told to do, and the words for how it ends. Pure.
import type { Row } from '../../records/records.ts';
import { defaultFormatOptions, type FormatOptions } from '../formats/format.ts';

export interface JobOptions {
  /** A format's name; '' where nothing is loaded. */
  readonly format: string;
  readonly read: Partial<FormatOptions>;
  readonly userName: string;
}

export const jobOptions = (job: Row): JobOptions => {
  const stored = JSON.parse(job.options || '{}') as Partial<JobOptions>;
  return { format: stored.format ?? '', read: stored.read ?? {}, userName: stored.userName ?? 'system' };
};

export const readOptionsOf = (options: JobOptions): FormatOptions => ({ ...defaultFormatOptions, ...options.read });

/** The job was taken over by another worker: whatever this one still does must not be written. */
export class LeaseLost extends Error {}
export const cancelledMessage = 'Cancelled on request';

/** Somebody asked for the job to end. */
export class JobCancelled extends Error {}
/** This process is about to end; the job goes on elsewhere or later. */
export class WorkerStopping extends Error {}
