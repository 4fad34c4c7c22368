// Name of the change counter that scripted REST addresses are cached under; the rules raise it.

export const endpointsTopic = 'scripted_rest';
