// Names of the change counters that identity/ caches under. rules.ts raises them; the caches compare them.

/** Users, their roles and groups. */
export const usersTopic = 'users';
/** OIDC entities, provider configurations, claim validations and entity scopes. */
export const registrationsTopic = 'oidc_registrations';
/** Raised when a provider configuration is saved: metadata and keys are fetched anew. */
export const providerKeysTopic = 'oidc_provider_keys';
/** Raised at every wrong password: a right one then looks whether there is anything to forget. */
export const attemptsTopic = 'user_attempts';
/** Raised by the record layer when sys_properties change. */
export const propertiesTopic = 'properties';
