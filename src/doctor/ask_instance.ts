// One call to an instance over its REST API, and its refusals as sentences for whoever typed the command.
// Must not print what the account is.

export interface InstanceAccess {
  /** Any address at the instance; calls go to its origin. */
  base: string | URL;
  authorization: string;
  fetcher: typeof fetch;
}

/** Whatever it answers, except 401. Throws Error with a sentence where it cannot be reached or takes no such credential. */
export const askInstance = async (
  { base, authorization, fetcher }: InstanceAccess,
  path: string,
  request: RequestInit,
): Promise<Response> => {
  const { origin } = new URL(base);
  const headers = { authorization, accept: 'application/json', ...(request.headers as Record<string, string>) };
  const answer = await fetcher(new URL(path, origin), { ...request, headers }).catch((error: Error) => {
    const cause = error.cause as NodeJS.ErrnoException | undefined;
    throw new Error(`${origin} cannot be reached: ${cause?.message || cause?.code || error.message}`);
  });
  if (answer.status === 401)
    throw new Error(`${origin} does not accept this user and password. Too many wrong ones lock a user for a while.`);
  return answer;
};

/** undefined for what is no JSON. */
export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What an answer says is wrong; '' where it says nothing. */
export const sentenceOf = (body: unknown): string => {
  const { error } = (body ?? {}) as { error?: { message?: unknown; detail?: unknown } };
  const words = [error?.message, error?.detail].filter((word) => typeof word === 'string' && word !== '');
  return words.join(': ').slice(0, 300);
};

/** For an answer that no instance gives: a page of a proxy, another program at that port. */
export const strangeAnswer = (base: string | URL, status: number): Error =>
  new Error(`${new URL(base).origin} answered with ${status}, and not as an instance does: is the address right?`);
