package dev.gitblobs.client.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamReadException;
import dev.gitblobs.client.GitBlobsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON strictly: one value, no duplicate keys, bounded depth. */
public final class JsonReader {
  /** Deeper nesting is refused: far above any real metadata, far below the stack. */
  public static final int MAX_DEPTH = 256;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(1 << 20)
                  .build())
          // Names are file paths, never the same few: interning them only costs.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private JsonReader() {}

  /** The text is not the JSON that was asked for. */
  public static final class InvalidJsonException extends GitBlobsException {
    /** Says what is wrong. */
    public InvalidJsonException(String message) {
      super(message);
    }
  }

  /** Parses one value. Throws {@link InvalidJsonException}. */
  public static Json read(byte[] utf8) {
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      parser.nextToken();
      Json value = value(parser);
      end(parser);
      return value;
    } catch (StreamReadException e) {
      throw new InvalidJsonException("Not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new InvalidJsonException("Not JSON: " + e.getMessage());
    }
  }

  /** Parses one value of text. Throws {@link InvalidJsonException}. */
  public static Json read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Parses one object. Throws {@link InvalidJsonException}. */
  public static Json.Obj readObject(byte[] utf8) {
    if (read(utf8) instanceof Json.Obj object) {
      return object;
    }
    throw new InvalidJsonException("Not JSON: expected an object");
  }

  /** A parser over a stream, for formats too large to hold as values. The caller closes it. */
  public static JsonParser stream(InputStream in) throws IOException {
    return FACTORY.createParser(in);
  }

  /** The value at the parser's current token. */
  public static Json value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new InvalidJsonException("Not JSON: it ends too early");
    }
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new Json.Str(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new Json.Num(Double.parseDouble(parser.getText()));
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> Json.Nil.NULL;
      default -> throw new InvalidJsonException("Not JSON: unexpected " + token);
    };
  }

  private static Json.Obj object(JsonParser parser) throws IOException {
    Map<String, Json> members = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (members.put(name, value(parser)) != null) {
        throw new InvalidJsonException("Not JSON: the key \"" + name + "\" appears twice");
      }
    }
    return new Json.Obj(members);
  }

  private static Json.Arr array(JsonParser parser) throws IOException {
    List<Json> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return new Json.Arr(items);
  }

  /** Throws unless the parser is at its end. */
  public static void end(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new InvalidJsonException("Not JSON: something follows the value");
    }
  }
}
