// Prepared statements that travel to PostgreSQL as one piece, with one Sync behind the last, so that their answers come back as one
// piece: each piece is a system call at both ends, and wakes the other. Columns are described once for each connection: the driver asks
// for them at every execution, and for a wide table that costs more than the row does. Speaks to the inside of the driver's query;
// knows no SQL.
import pg from 'pg';
import type { Value } from '../store.ts';
import { type ReadText, readerOf } from './answers.ts';

/** What one connection knows of its statements: name → the columns that do not stay as they are sent, and how each is read. */
export type Descriptions = Map<string, readonly (readonly [at: number, read: ReadText])[]>;

export interface Answer {
  rows: Value[][];
  touched: number;
  command: string;
}

export interface Asked {
  readonly name: string;
  readonly text: string;
  readonly values: readonly Value[];
}

interface Statement {
  readonly asked: Asked;
  readonly answer: Answer;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** The parts of the driver's connection that its types leave out. The two lists hold the text of each name. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  parse(statement: { name: string; text: string }): void;
  bind(values: { statement: string; values: readonly (string | Buffer | null)[] }): void;
  describe(what: { type: 'P' }): void;
  execute(): void;
  sync(): void;
}

/** The driver calls `submit` once, and `handle…` as messages come in; it keeps the names that were parsed by `name` and `text`. */
const DriverQuery = pg.Query as unknown as new (text: string) => { name: string | undefined; text: string };

const sent = (value: Value): string | Buffer | null =>
  typeof value === 'string' || value === null
    ? value
    : typeof value === 'number'
      ? String(value)
      : Buffer.from(value.buffer, value.byteOffset, value.byteLength);

/**
 * Answers come in the order of the questions. Where one fails PostgreSQL skips what is behind it, which fails with that error as well:
 * what belongs to different transactions needs bundles of its own.
 */
export class Bundle extends DriverQuery {
  readonly #statements: Statement[] = [];
  readonly #descriptions: Descriptions;
  #current = 0;

  constructor(descriptions: Descriptions) {
    super('');
    this.#descriptions = descriptions;
  }

  /** To be called before the bundle is given to the driver. */
  ask(asked: Asked): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#statements.push({ asked, answer: { rows: [], touched: 0, command: '' }, resolve, reject });
    });
  }

  submit(wire: Wire): null {
    wire.stream.cork();
    for (const { asked } of this.#statements) {
      const { name, text, values } = asked;
      if (wire.parsedStatements[name] === undefined && wire.submittedNamedStatements[name] === undefined) {
        wire.parse({ name, text });
        wire.submittedNamedStatements[name] = text;
      }
      wire.bind({ statement: name, values: values.map(sent) });
      if (!this.#descriptions.has(name)) wire.describe({ type: 'P' });
      wire.execute();
    }
    wire.sync();
    wire.stream.uncork();
    this.#turnTo(0);
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly { readonly dataTypeID: number }[] }): void {
    const readers = fields.flatMap(({ dataTypeID }, at) => {
      const read = readerOf(dataTypeID);
      return read ? [[at, read] as const] : [];
    });
    this.#descriptions.set(this.name ?? '', readers);
  }

  /** The array of the message becomes the row: nobody else has it. */
  handleDataRow({ fields }: { fields: Value[] }): void {
    for (const [at, read] of this.#descriptions.get(this.name ?? '') ?? []) {
      const text = fields[at];
      if (text !== null && text !== undefined) fields[at] = read(text as string);
    }
    this.#statements[this.#current]?.answer.rows.push(fields);
  }

  handleCommandComplete({ text }: { text: string }): void {
    const { asked, answer } = this.#statements[this.#current] as Statement;
    const words = text.split(' ');
    answer.command = words[0] ?? '';
    answer.touched = Number(words.at(-1)) || 0;
    // What gives no rows is not described either.
    if (!this.#descriptions.has(asked.name)) this.#descriptions.set(asked.name, []);
    this.#turnTo(this.#current + 1);
  }

  handleReadyForQuery(): void {
    for (const { answer, resolve } of this.#statements) resolve(answer);
  }

  handleError(error: unknown, wire: Wire): void {
    for (const { answer, resolve } of this.#statements.slice(0, this.#current)) resolve(answer);
    for (const { asked, reject } of this.#statements.slice(this.#current)) {
      // The driver has forgotten the one that failed; those behind it were not looked at.
      delete wire.submittedNamedStatements[asked.name];
      reject(error);
    }
  }

  #turnTo(at: number): void {
    this.#current = at;
    const { name, text } = this.#statements[at]?.asked ?? { name: undefined, text: '' };
    this.name = name;
    this.text = text;
  }
}

/** The driver takes it as one of its queries; the answers are those of `ask`. */
export const sendBundle = (client: pg.ClientBase, bundle: Bundle): void => {
  client.query(bundle as unknown as pg.Submittable);
};

/** Runs one statement on a connection, behind whatever is under way on it. */
export const askAlone = (client: pg.ClientBase, asked: Asked, descriptions: Descriptions): Promise<Answer> => {
  const bundle = new Bundle(descriptions);
  const answer = bundle.ask(asked);
  sendBundle(client, bundle);
  return answer;
};
