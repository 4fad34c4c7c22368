// What the load generator is asked and what it answers. Both sides are plain data: they cross a process boundary.

export interface Job {
  port: number;
  /** Each keeps one request under way: the next goes out when the answer is complete. */
  connections: number;
  durationMs: number;
  /** Whole requests as they go over the wire, taken in turn by whichever connection is free. */
  requests: readonly string[];
  /** Each request is sent once at most; the job ends early when they are used up. */
  isOnce?: boolean;
  /** Load beside the one that is measured: counted, not timed. */
  beside?: { connections: number; requests: readonly string[] };
}

export interface Outcome {
  /** Complete answers. */
  count: number;
  perSecond: number;
  /** Answers by status. */
  statuses: Record<string, number>;
  bytes: number;
  /** Of one request, from its first byte sent to its last byte received, in milliseconds. */
  latencyMs: { p50: number; p99: number; p999: number; most: number };
  besideCount: number;
}
