// Many small texts as few larger ones: a write to a pipe costs 25 µs of a request's time, however short it is.
// It must not hold a text back for longer than one turn of the event loop.

/** Takes texts at any time and hands them on together, in order, when the turn is over. */
export const onceATurn = (handOn: (text: string) => void): ((text: string) => void) => {
  let waiting = '';
  const flush = (): void => {
    const text = waiting;
    waiting = '';
    handOn(text);
  };
  return (text) => {
    if (waiting === '') setImmediate(flush);
    waiting += text;
  };
};
