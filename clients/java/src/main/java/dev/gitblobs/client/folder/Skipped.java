package dev.gitblobs.client.folder;

/**
 * Something that was left out while the rest was done.
 *
 * @param path its name in the store, or what it would be
 * @param reason for people
 */
public record Skipped(String path, String reason) {}
