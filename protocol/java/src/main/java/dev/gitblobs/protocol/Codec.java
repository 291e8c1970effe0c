package dev.gitblobs.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Between operations and frames (PROTOCOL.md 4). Thread-safe; any bytes give a result. */
public final class Codec {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(Limits.FRAME_BYTES)
                          .maxNestingDepth(1_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private Codec() {}

  /** Decodes a text frame a client sent. */
  public static Decoded<ClientOp> decodeClient(String frame) {
    return decode(Frame.split(frame), OpReader.CLIENT);
  }

  /** Decodes a binary frame a client sent. */
  public static Decoded<ClientOp> decodeClient(byte[] frame) {
    return decode(Frame.split(frame), OpReader.CLIENT);
  }

  /** Decodes a text frame the relay sent. */
  public static Decoded<ServerOp> decodeServer(String frame) {
    return decode(Frame.split(frame), OpReader.SERVER);
  }

  /** Decodes a binary frame the relay sent. */
  public static Decoded<ServerOp> decodeServer(byte[] frame) {
    return decode(Frame.split(frame), OpReader.SERVER);
  }

  /**
   * Writes operations as a text frame.
   *
   * @throws IllegalArgumentException when one of them has a body
   */
  public static String encodeText(List<? extends Op> ops) {
    Check.that("ops", ops.stream().allMatch(op -> bodyOf(op) == null));
    return header(ops);
  }

  /** Writes operations, with or without bodies, as a binary frame. */
  public static byte[] encodeBinary(List<? extends Op> ops) {
    List<Body> bodies = new ArrayList<>();
    for (Op op : ops) {
      Body body = bodyOf(op);
      if (body != null) {
        bodies.add(body);
      }
    }
    return Frame.join(header(ops), bodies);
  }

  /** Bytes an operation takes in a frame, its comma and body included. */
  public static int weight(Op op) {
    Body body = bodyOf(op);
    return Frame.utf8(header(List.of(op))).length + (body == null ? 0 : body.length());
  }

  private static @Nullable Body bodyOf(Op op) {
    if (op instanceof ClientOp.Put put) {
      return put.body();
    }
    if (op instanceof ClientOp.Chunk chunk) {
      return chunk.body();
    }
    if (op instanceof ServerOp.Objects objects) {
      return objects.body();
    }
    if (op instanceof ClientOp.Send send) {
      return send.body();
    }
    if (op instanceof ServerOp.Message message) {
      return message.body();
    }
    return op instanceof ServerOp.Part part ? part.body() : null;
  }

  private static String header(List<? extends Op> ops) {
    ArrayNode list = JSON.createArrayNode();
    for (Op op : ops) {
      ObjectNode node = list.addObject().put("op", nameOf(op));
      if (op instanceof ServerOp.Event event) {
        node.setAll(item(event.item()));
      } else if (op instanceof ServerOp.Events events) {
        events(node, events);
      } else {
        node.setAll((ObjectNode) JSON.valueToTree(op));
      }
    }
    String json = list.toString();
    return json.replace(String.valueOf(Frame.REPLACEMENT), "\\ufffd");
  }

  private static void events(ObjectNode node, ServerOp.Events events) {
    if (events.id() != null) {
      node.put("id", events.id());
    }
    ArrayNode items = node.putArray("items");
    events.items().forEach(item -> items.add(item(item)));
    node.put("more", events.more());
  }

  private static ObjectNode item(EventItem item) {
    String kind = item instanceof EventItem.Pushed ? "push" : "message";
    return ((ObjectNode) JSON.valueToTree(item)).put("kind", kind);
  }

  private static String nameOf(Op op) {
    if (op instanceof ServerOp.AuthSoon) {
      return "auth_soon";
    }
    return op instanceof ServerOp.Failure
        ? "error"
        : op.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static <T extends Op> Decoded<T> decode(
      Frame.Split split, Map<String, BiFunction<Fields, OpReader.Bodies, T>> readers) {
    if (split.refusal() != null) {
      return new Decoded.Refused<>(ErrorCode.BAD_FRAME, split.refusal(), null);
    }
    JsonNode list = parse(split.header());
    if (list == null || !list.isArray() || list.isEmpty() || list.size() > Limits.OPS_PER_FRAME) {
      return new Decoded.Refused<>(
          ErrorCode.BAD_JSON, "a frame is a JSON array of operations with unique keys", null);
    }
    Frame.Bodies bodies = new Frame.Bodies(split.bodies());
    List<T> ops = new ArrayList<>(list.size());
    for (JsonNode entry : list) {
      Decoded<T> decoded = decodeOp(entry, readers, bodies);
      if (!(decoded instanceof Decoded.Ops<T> one)) {
        return decoded;
      }
      ops.addAll(one.ops());
    }
    if (bodies.left() != 0) {
      return new Decoded.Refused<>(
          ErrorCode.BAD_FRAME, "the bodies are longer than their lengths", null);
    }
    return new Decoded.Ops<>(ops);
  }

  private static <T extends Op> Decoded<T> decodeOp(
      JsonNode entry,
      Map<String, BiFunction<Fields, OpReader.Bodies, T>> readers,
      Frame.Bodies bodies) {
    Long id = idOf(entry);
    var reader = entry.path("op").isTextual() ? readers.get(entry.get("op").textValue()) : null;
    if (reader == null) {
      return new Decoded.Refused<>(ErrorCode.UNKNOWN_OP, "there is no such operation", id);
    }
    try {
      T op = Fields.read("op", entry, fields -> reader.apply(fields, bodies));
      return new Decoded.Ops<>(List.of(op));
    } catch (Frame.Bodies.TooShort e) {
      return new Decoded.Refused<>(
          ErrorCode.BAD_FRAME, "the bodies are shorter than their lengths", id);
    } catch (IllegalArgumentException e) {
      return new Decoded.Refused<>(ErrorCode.BAD_FIELD, String.valueOf(e.getMessage()), id);
    }
  }

  private static @Nullable Long idOf(JsonNode entry) {
    JsonNode id = entry.path("id");
    boolean readable = id.isIntegralNumber() && id.canConvertToLong() && id.longValue() >= 0;
    return readable && id.longValue() <= Check.MAX_COUNT ? (Long) id.longValue() : null;
  }

  private static @Nullable JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
