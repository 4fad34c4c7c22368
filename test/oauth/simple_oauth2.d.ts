// What the tests use of simple-oauth2, which ships no types.
declare module 'simple-oauth2' {
  interface AccessToken {
    readonly token: Readonly<Record<string, unknown>>;
    refresh(): Promise<AccessToken>;
    revokeAll(): Promise<void>;
  }
  interface Settings {
    client: { id: string; secret: string };
    auth: { tokenHost: string; tokenPath: string; revokePath: string; authorizePath?: string };
  }
  class ResourceOwnerPassword {
    constructor(settings: Settings);
    getToken(parameters: Record<string, string>): Promise<AccessToken>;
  }
  class ClientCredentials {
    constructor(settings: Settings);
    getToken(parameters: Record<string, string>): Promise<AccessToken>;
  }
  class AuthorizationCode {
    constructor(settings: Settings);
    authorizeURL(parameters: Record<string, string>): string;
    getToken(parameters: Record<string, string>): Promise<AccessToken>;
  }
}
