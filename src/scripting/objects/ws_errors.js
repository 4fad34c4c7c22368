// sn_ws_err: the errors by which a scripted REST operation chooses its status.
(function wsErrors(kit) {
  class ServiceError extends Error {
    constructor(message) {
      super(message === undefined ? '' : kit.text(message));
      this.name = 'ServiceError';
      this.status = 500;
      this.detail = '';
    }
    setStatus(status) {
      this.status = Math.trunc(Number(status));
    }
    setMessage(message) {
      this.message = kit.text(message);
    }
    setDetail(detail) {
      this.detail = kit.text(detail);
    }
  }
  const kindOf = (name, status) => {
    const made = class extends ServiceError {
      constructor(message) {
        super(message);
        this.name = name;
        this.status = status;
      }
    };
    Object.defineProperty(made, 'name', { value: name });
    return made;
  };
  return {
    sn_ws_err: {
      ServiceError,
      BadRequestError: kindOf('BadRequestError', 400),
      NotFoundError: kindOf('NotFoundError', 404),
      NotAcceptableError: kindOf('NotAcceptableError', 406),
      ConflictError: kindOf('ConflictError', 409),
      UnsupportedMediaTypeError: kindOf('UnsupportedMediaTypeError', 415),
    },
  };
});
