// The seam of the bench: a part measures something and answers rows for the table. Add one: a file under parts/, a line in parts/index.ts.
import type { Pace } from './compare.ts';
import type { Issuer } from './data/issuer.ts';
import type { Driver } from './load/drive.ts';
import type { Causeway, CausewayPlace } from './servers/causeway.ts';
import type { StaticServer } from './servers/static.ts';

export type EngineName = 'sqlite' | 'postgres';

/** What a part has to work with. Whatever it starts itself it ends itself. */
export interface Bench {
  isQuick: boolean;
  /** Rows of the largest table of the growth series; undefined: as usual. */
  largest: number | undefined;
  pace: Pace;
  driver: Driver;
  issuer: Issuer;
  /** A scratch folder of the run. */
  folder: string;
  /** Where what is kept is written. */
  resultsFolder: string;
  /** A new, empty database, dropped when the run ends. */
  newPlace(engine: EngineName): Promise<CausewayPlace>;
  /** An instance with 100 thousand incidents, someone to ask as, and the yardstick beside it; one for each engine and run. */
  stage(engine: EngineName): Promise<Stage>;
  say(line: string): void;
}

export interface Stage {
  engine: EngineName;
  place: CausewayPlace;
  server: Causeway;
  yardstick: StaticServer;
  incidents: number;
  /** Authorization headers of one caller with the role itil. */
  as: {
    basic: string;
    /** A token that is checked once and then known. */
    seen: string;
    /** So many tokens, each never seen before. */
    fresh(count: number): Promise<string[]>;
    /** The same, of a registration whose tokens work once only. */
    singleUse(count: number): Promise<string[]>;
  };
}

export interface Row {
  /** Stable, for those who compare results over time. */
  id: string;
  title: string;
  engine?: EngineName;
  value: number;
  /** Of what; a ratio where nothing is said. */
  unit?: 'ms' | 'rows/s';
  /** A point of a line that is drawn over sizes of a table. */
  point?: { line: string; rows: number };
  /** What the issue of this work promises: floor must hold, target is the aim. */
  floor?: number;
  target?: number;
  reach?: number;
  /** Ratios of times and sizes: less is better. */
  isLessBetter?: boolean;
  /** Whatever else is worth keeping: rates, processor time, latencies. */
  detail: Record<string, number | undefined>;
}

export interface Part {
  name: string;
  /** One line of the help. */
  about: string;
  /** Left out of an ordinary run. */
  isOnDemand?: boolean;
  /** Rows as they are found: what was measured before something failed is kept. */
  run(bench: Bench, engine: EngineName): AsyncIterable<Row>;
}
