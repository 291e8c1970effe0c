package dev.gitblobs.protocol;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One device of all: a member's of that name, for another member may have one of the same name.
 *
 * @param member whoever may use the store, as {@code welcome.by} names it
 * @param device the device's own name
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"member", "device"})
public record Party(String member, String device) {
  public Party {
    Check.member("member", member);
    Check.device("device", device);
  }
}
