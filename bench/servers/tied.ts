// Loaded first into every server under measurement: it ends with the bench, however that ends, so that no run leaves servers behind.
// Must not be handed on to what the server itself starts.
delete process.env.NODE_OPTIONS;
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();
