package dev.gitblobs.client.history;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.merge.MergeAlgorithm;
import org.eclipse.jgit.merge.MergeChunk;
import org.eclipse.jgit.merge.MergeResult;

/**
 * Merges two texts that came from one, line by line. A line is compared whole, with what ends it,
 * so carriage returns and a missing last newline stay as they are. Changes that touch, with no line
 * of the base between them, overlap, as for git; the same change on both sides is made once.
 */
public final class LineMerge {
  private LineMerge() {}

  /** The merged text; empty where both changed the same lines, or one of the three is no text. */
  public static Optional<byte[]> merge(byte[] base, byte[] ours, byte[] theirs) {
    if (!isText(base) || !isText(ours) || !isText(theirs)) {
      return Optional.empty();
    }
    MergeResult<RawText> merged =
        new MergeAlgorithm(new HistogramDiff())
            .merge(
                RawTextComparator.DEFAULT,
                new RawText(base),
                new RawText(ours),
                new RawText(theirs));
    return merged.containsConflicts() ? Optional.empty() : Optional.of(bytes(merged));
  }

  private static byte[] bytes(MergeResult<RawText> merged) {
    List<RawText> texts = merged.getSequences();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (MergeChunk chunk : merged) {
      RawText text = texts.get(chunk.getSequenceIndex());
      for (int line = chunk.getBegin(); line < chunk.getEnd(); line++) {
        ByteBuffer bytes = text.getRawString(line);
        out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        if (line < text.size() - 1 || !text.isMissingNewlineAtEnd()) {
          out.write('\n');
        }
      }
    }
    return out.toByteArray();
  }

  /** Whether it is UTF-8 without a zero byte, however far behind its beginning. */
  static boolean isText(byte[] bytes) {
    for (byte one : bytes) {
      if (one == 0) {
        return false;
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
