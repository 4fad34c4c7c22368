// request and response, as a scripted REST operation sees them. What was done to the response is read after the run.
(function scriptedRest(kit) {
  const made = {
    status: undefined,
    headers: {},
    contentType: undefined,
    location: undefined,
    error: undefined,
    body: undefined,
    hasBody: false,
  };
  const written = [];

  const makeBody = (given) => {
    let taken = false;
    const take = () => {
      if (taken) throw new Error('The request body can be read as a stream only once');
      taken = true;
    };
    const entries = Array.isArray(given.data) ? given.data : given.data === undefined || given.data === null ? [] : [given.data];
    let at = 0;
    return {
      data: given.data,
      dataString: given.text,
      get dataStream() {
        take();
        return { getText: () => given.text, toString: () => given.text };
      },
      hasNext: () => at < entries.length,
      nextEntry: () => entries[at++],
    };
  };

  const makeRequest = (given) => ({
    body: makeBody(given.body ?? {}),
    headers: given.headers,
    getHeader: (name) => given.headers[kit.text(name).toLowerCase()] ?? null,
    pathParams: given.pathParams,
    queryParams: given.queryParams,
    queryString: given.queryString,
    uri: given.uri,
    url: given.url,
    getSupportedResponseContentTypes: () => [...(given.supportedContentTypes ?? [])],
  });

  const writer = {
    writeString: (text) => void written.push(kit.text(text)),
    writeStream: (stream) => void written.push(kit.text(stream?.getText ? stream.getText() : stream)),
  };
  const setError = (error) => {
    const status = Math.trunc(Number(error?.status));
    made.error = {
      status: status >= 400 && status <= 599 ? status : 500,
      message: kit.text(error?.message ?? error),
      detail: kit.text(error?.detail),
    };
  };

  const makeResponse = () => ({
    setBody(body) {
      made.body = body;
      made.hasBody = true;
    },
    setStatus(status) {
      // What is no number is kept as text, for whoever reads it to refuse.
      const number = Math.trunc(Number(status));
      made.status = Number.isNaN(number) ? kit.text(status) : number;
    },
    setHeader(name, value) {
      made.headers[kit.text(name)] = kit.text(value);
    },
    setHeaders(headers) {
      for (const name of Object.keys(headers)) made.headers[name] = kit.text(headers[name]);
    },
    getHeader: (name) => made.headers[kit.text(name)] ?? null,
    setLocation(location) {
      made.location = kit.text(location);
    },
    setContentType(type) {
      made.contentType = kit.text(type);
    },
    setError,
    getStreamWriter: () => writer,
  });

  const response = makeResponse();

  return {
    begin(globals) {
      globalThis.request = makeRequest(globals.request);
      globalThis.response = response;
    },
    finish(returned) {
      // Scripts throw an error, set it, or hand it back.
      if (returned instanceof kit.use('ws_errors.js').sn_ws_err.ServiceError) setError(returned);
      else if (!made.hasBody && returned !== undefined && returned !== null && returned !== response)
        Object.assign(made, { body: returned, hasBody: true });
      return { response: { ...made, stream: written.length > 0 ? written.join('') : undefined } };
    },
  };
});
