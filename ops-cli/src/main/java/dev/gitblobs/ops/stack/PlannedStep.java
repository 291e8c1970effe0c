package dev.gitblobs.ops.stack;

/**
 * What an update would do to one resource; its JSON form is stable.
 *
 * @param operation the engine's word: {@code create}, {@code update}, {@code replace}, ..
 * @param type the resource's type, without its module: {@code WorkersScript}
 * @param name the resource's name in the program
 */
public record PlannedStep(String operation, String type, String name) {}
