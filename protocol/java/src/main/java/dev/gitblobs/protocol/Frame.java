package dev.gitblobs.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Layout of a frame (PROTOCOL.md 4): version, kind, flags, header length, header, bodies. */
final class Frame {
  private static final int PREFIX_BYTES = 8;
  private static final byte VERSION = 1;
  private static final byte KIND = 1;

  /** Written as an escape in every header. */
  static final char REPLACEMENT = '\uFFFD';

  private Frame() {}

  /** A frame cut into its JSON header and the bytes behind it, or why it cannot be. */
  record Split(String header, @Nullable Body bodies, @Nullable String refusal) {
    static Split refused(String why) {
      return new Split("", null, why);
    }
  }

  /** Hands out the bodies of a frame in order. */
  static final class Bodies implements OpReader.Bodies {
    /** The frame holds fewer bytes than its operations say. */
    @SuppressWarnings("serial")
    static final class TooShort extends RuntimeException {}

    private final @Nullable Body all;
    private int taken;

    Bodies(@Nullable Body all) {
      this.all = all;
    }

    @Override
    public Body take(long length) {
      if (all == null || length > left()) {
        throw new TooShort();
      }
      int from = taken;
      taken += (int) length;
      return all.slice(from, taken);
    }

    int left() {
      return all == null ? 0 : all.length() - taken;
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Split split(String text) {
    boolean tooLong = text.length() > Limits.FRAME_BYTES || utf8(text).length > Limits.FRAME_BYTES;
    if (tooLong) {
      return Split.refused("the frame is too large");
    }
    // A runtime puts it where the bytes were no UTF-8; whoever means it spells it as an escape.
    return text.indexOf(REPLACEMENT) >= 0
        ? Split.refused("the text was not UTF-8, or holds U+FFFD that is not escaped")
        : new Split(text, null, null);
  }

  static Split split(byte[] frame) {
    if (frame.length > Limits.FRAME_BYTES) {
      return Split.refused("the frame is too large");
    }
    if (frame.length < PREFIX_BYTES) {
      return Split.refused("the frame ends inside its prefix");
    }
    ByteBuffer buffer = ByteBuffer.wrap(frame);
    if (buffer.get() != VERSION || buffer.get() != KIND || buffer.getShort() != 0) {
      return Split.refused("unknown frame version, kind or flags");
    }
    long headerLength = Integer.toUnsignedLong(buffer.getInt());
    if (headerLength > buffer.remaining()) {
      return Split.refused("the frame ends inside its header");
    }
    int end = PREFIX_BYTES + (int) headerLength;
    try {
      ByteBuffer header = ByteBuffer.wrap(frame, PREFIX_BYTES, (int) headerLength);
      String text = StandardCharsets.UTF_8.newDecoder().decode(header).toString();
      return new Split(text, Body.slice(frame, end, frame.length), null);
    } catch (CharacterCodingException e) {
      return Split.refused("the header is not UTF-8");
    }
  }

  static byte[] join(String header, List<Body> bodies) {
    byte[] head = utf8(header);
    int length = PREFIX_BYTES + head.length + bodies.stream().mapToInt(Body::length).sum();
    ByteBuffer frame = ByteBuffer.allocate(length);
    frame.put(VERSION).put(KIND).putShort((short) 0).putInt(head.length).put(head);
    int at = frame.position();
    for (Body body : bodies) {
      body.copyTo(frame.array(), at);
      at += body.length();
    }
    return frame.array();
  }
}
