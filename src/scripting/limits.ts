// What a script may use up. Every limit has a name, a default and an error of its own (docs/scripting.md lists them).

export interface ScriptLimits {
  /** Processor time of the script itself; waiting for records does not count. */
  readonly cpuMs: number;
  /** From start to answer, waiting included. */
  readonly wallMs: number;
  /** Of a worker's engine, so the same for all scripts of a runner; what the engine itself needs comes on top. */
  readonly memoryBytes: number;
  /** Nesting of calls. Above 512 KiB the embedded engine is no longer sure to notice before its host does. */
  readonly stackBytes: number;
  /** Reads and writes of records. */
  readonly queries: number;
  /** Records read. */
  readonly rows: number;
  /** What the script hands back, and what it hands over in one call. */
  readonly outputBytes: number;
  readonly logLines: number;
  readonly logBytes: number;
  readonly sourceBytes: number;
}

export const defaultLimits: ScriptLimits = Object.freeze({
  cpuMs: 2_000,
  wallMs: 30_000,
  memoryBytes: 64 * 1024 * 1024,
  stackBytes: 256 * 1024,
  queries: 1_000,
  rows: 100_000,
  outputBytes: 10 * 1024 * 1024,
  logLines: 500,
  logBytes: 64 * 1024,
  sourceBytes: 1024 * 1024,
});
