// How many rows are taken at a time. What is done with a batch is done at a stretch, so it is their cells that count: rows of a thousand
// columns, taken by the hundred, would hold up everybody else's calls. Pure.

const most = { rows: 512, cells: 16_384 };

export const rowsAtOnce = (columns: number): number =>
  Math.max(1, Math.min(most.rows, Math.floor(most.cells / Math.max(1, columns))));
