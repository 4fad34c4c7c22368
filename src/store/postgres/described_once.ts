// A prepared statement whose columns are described once for each connection. The driver asks for them at every execution, and for a
// wide table that costs both ends more than the row does. Speaks to the inside of the driver's query; knows no SQL.
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

interface Asked {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The parts of the driver's query that its types leave out: it calls `handle…` as messages come in. */
const DriverQuery = pg.Query as unknown as new (
  text: string,
  values: readonly unknown[],
  callback: (error: Error | null, result: { rowCount: number | null; command: string | null }) => void,
) => { name: string | undefined; submit(connection: object): unknown };

/** The same connection, which asks for no description. */
const withoutDescribe = (connection: object): object => Object.assign(Object.create(connection), { describe() {} });

class DescribedOnce extends DriverQuery {
  readonly #answered: Value[][];
  readonly #statement: string;
  readonly #descriptions: Descriptions;

  constructor(parts: {
    asked: Asked;
    descriptions: Descriptions;
    answered: Value[][];
    callback: ConstructorParameters<typeof DriverQuery>[2];
  }) {
    // Its name is said afterwards: a query that is made of an object has it copied.
    super(parts.asked.text, parts.asked.values, parts.callback);
    this.name = parts.asked.name;
    this.#statement = parts.asked.name;
    this.#descriptions = parts.descriptions;
    this.#answered = parts.answered;
  }

  override submit(connection: object): unknown {
    return super.submit(this.#descriptions.has(this.#statement) ? withoutDescribe(connection) : connection);
  }

  handleRowDescription({ fields }: { fields: readonly { readonly dataTypeID: number }[] }): void {
    const readers = fields.flatMap(({ dataTypeID }, at) => {
      const read = readerOf(dataTypeID);
      return read ? [[at, read] as const] : [];
    });
    this.#descriptions.set(this.#statement, readers);
  }

  /** The array of the message becomes the row: nobody else has it. */
  handleDataRow({ fields }: { fields: Value[] }): void {
    for (const [at, read] of this.#descriptions.get(this.#statement) ?? []) {
      const text = fields[at];
      if (text !== null && text !== undefined) fields[at] = read(text as string);
    }
    this.#answered.push(fields);
  }
}

/** Runs a statement on a connection, behind whatever is under way on it. */
export const askDescribedOnce = (client: pg.ClientBase, asked: Asked, descriptions: Descriptions): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const rows: Value[][] = [];
    const query = new DescribedOnce({
      asked,
      descriptions,
      answered: rows,
      callback: (error, result) => {
        if (error) reject(error);
        else resolve({ rows, touched: result.rowCount ?? 0, command: result.command ?? '' });
      },
    });
    client.query(query as unknown as pg.Submittable);
  });
