package dev.gitblobs.client.sync;

/**
 * A store of the relay, as making it tells of it.
 *
 * @param id names this store for good; its name may be another's once it was removed
 * @param epoch of its data
 * @param isMade false: there was a store of that name already
 */
public record MadeStore(long id, String epoch, boolean isMade) {}
