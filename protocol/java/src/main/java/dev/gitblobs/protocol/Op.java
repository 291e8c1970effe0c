package dev.gitblobs.protocol;

/** One operation in a frame, of either side. */
public sealed interface Op permits ClientOp, ServerOp {}
