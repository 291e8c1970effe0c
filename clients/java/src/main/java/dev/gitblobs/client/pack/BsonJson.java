package dev.gitblobs.client.pack;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.BsonWriter;

/** JSON values in BSON, with the types js-bson chooses (FORMAT.md 4). */
final class BsonJson {
  private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

  private BsonJson() {}

  static void write(Json value, BsonWriter out) {
    if (value instanceof Json.Obj object) {
      out.writeStartDocument();
      object
          .members()
          .forEach(
              (name, member) -> {
                out.writeName(text(name, true));
                write(member, out);
              });
      out.writeEndDocument();
    } else if (value instanceof Json.Arr array) {
      out.writeStartArray();
      array.items().forEach(item -> write(item, out));
      out.writeEndArray();
    } else if (value instanceof Json.Str string) {
      out.writeString(text(string.text(), false));
    } else if (value instanceof Json.Num number) {
      write(number.value(), out);
    } else if (value instanceof Json.Bool bool) {
      out.writeBoolean(bool.value());
    } else {
      out.writeNull();
    }
  }

  private static void write(double number, BsonWriter out) {
    int whole = (int) number;
    boolean minusZero = number == 0 && Double.compare(number, 0) != 0;
    if (whole == number && !minusZero) {
      out.writeInt32(whole);
    } else {
      out.writeDouble(number);
    }
  }

  /** The text, refused when BSON would change it: what arrives must have the hash that was sent. */
  private static String text(String text, boolean isName) {
    boolean broken =
        text.codePoints()
            .anyMatch(c -> (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    if (broken || (isName && text.indexOf('\0') >= 0)) {
      throw new GitBlobsException(
          "Tried to pack "
              + Json.of(text).toText()
              + " but a pack cannot hold broken Unicode, or NUL in a name.");
    }
    return text;
  }

  /** Reads the document at which the reader stands. */
  static Json.Obj readObject(BsonReader in, int depth) {
    if (depth > JsonReader.MAX_DEPTH) {
      throw new InvalidPackException("it is nested too deep");
    }
    Map<String, Json> members = new LinkedHashMap<>();
    in.readStartDocument();
    while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
      String name = in.readName();
      if (members.put(name, read(in, depth + 1)) != null) {
        throw new InvalidPackException("a name appears twice in one object");
      }
    }
    in.readEndDocument();
    return new Json.Obj(members);
  }

  private static Json read(BsonReader in, int depth) {
    return switch (in.getCurrentBsonType()) {
      case DOCUMENT -> readObject(in, depth);
      case ARRAY -> readArray(in, depth);
      case STRING -> Json.of(in.readString());
      case INT32 -> Json.of((double) in.readInt32());
      case DOUBLE -> Json.of(in.readDouble());
      case INT64 -> Json.of(safe(in.readInt64()));
      case BOOLEAN -> Json.of(in.readBoolean());
      case NULL -> {
        in.readNull();
        yield Json.Nil.NULL;
      }
      default ->
          throw new InvalidPackException(
              "it holds a value of type " + in.getCurrentBsonType() + ", which JSON has not");
    };
  }

  private static double safe(long number) {
    if (number < -MAX_SAFE_INTEGER || number > MAX_SAFE_INTEGER) { // abs(MIN_VALUE) is negative
      throw new InvalidPackException("it holds a whole number that JavaScript cannot");
    }
    return number;
  }

  private static Json.Arr readArray(BsonReader in, int depth) {
    if (depth > JsonReader.MAX_DEPTH) {
      throw new InvalidPackException("it is nested too deep");
    }
    List<Json> items = new ArrayList<>();
    in.readStartArray();
    while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
      items.add(read(in, depth + 1));
    }
    in.readEndArray();
    return new Json.Arr(items);
  }
}
