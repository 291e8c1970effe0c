package dev.gitblobs.client.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.bson.BSONException;
import org.bson.BsonSerializationException;
import org.bson.io.BsonInput;
import org.bson.io.BsonInputMark;
import org.bson.types.ObjectId;

/**
 * BSON's input over a buffer that never believes a length: what does not fit into the bytes that
 * are left is refused before anything is allocated. Text must be valid UTF-8, as original clients
 * demand.
 */
final class PackInput implements BsonInput {
  private final ByteBuffer buffer;

  PackInput(ByteBuffer buffer) {
    this.buffer = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void need(int bytes) {
    if (bytes < 0 || bytes > buffer.remaining()) {
      throw new BsonSerializationException("a length points past the end");
    }
  }

  @Override
  public int getPosition() {
    return buffer.position();
  }

  @Override
  public byte readByte() {
    need(1);
    return buffer.get();
  }

  @Override
  public void readBytes(byte[] bytes) {
    readBytes(bytes, 0, bytes.length);
  }

  @Override
  public void readBytes(byte[] bytes, int offset, int length) {
    need(length);
    buffer.get(bytes, offset, length);
  }

  @Override
  public long readInt64() {
    need(Long.BYTES);
    return buffer.getLong();
  }

  @Override
  public double readDouble() {
    need(Double.BYTES);
    return buffer.getDouble();
  }

  @Override
  public int readInt32() {
    need(Integer.BYTES);
    return buffer.getInt();
  }

  @Override
  public String readString() {
    int size = readInt32();
    need(size);
    if (size < 1 || buffer.get(buffer.position() + size - 1) != 0) {
      throw new BsonSerializationException("a text does not end where it says");
    }
    String text = utf8(size - 1);
    buffer.get();
    return text;
  }

  @Override
  public ObjectId readObjectId() {
    throw new BsonSerializationException("an object id has no place in a pack");
  }

  @Override
  public String readCString() {
    int start = buffer.position();
    skipCString();
    int length = buffer.position() - 1 - start;
    buffer.position(start);
    String text = utf8(length);
    buffer.get();
    return text;
  }

  @Override
  public void skipCString() {
    while (readByte() != 0) {
      // up to and with the NUL
    }
  }

  private String utf8(int length) {
    ByteBuffer text = buffer.slice().limit(length);
    buffer.position(buffer.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new BSONException("a text is not UTF-8", e);
    }
  }

  @Override
  public BsonInputMark getMark(int readLimit) {
    int position = buffer.position();
    return () -> buffer.position(position);
  }

  @Override
  public boolean hasRemaining() {
    return buffer.hasRemaining();
  }

  int remaining() {
    return buffer.remaining();
  }

  @Override
  public void skip(int bytes) {
    need(bytes);
    buffer.position(buffer.position() + bytes);
  }

  @Override
  public void close() {
    // the buffer is the caller's
  }
}
