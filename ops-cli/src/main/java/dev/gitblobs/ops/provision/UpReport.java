package dev.gitblobs.ops.provision;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gitblobs.ops.stack.Changes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code relayctl up} came to; its JSON form is stable.
 *
 * @param environment the environment's name
 * @param url where the relay is reached
 * @param healthy whether {@code /health} answered 200
 * @param version the relay's version; null when it did not say
 * @param changed whether anything was changed
 * @param resources counts of resources by what happened to them
 * @param migrations names of the migrations applied now
 * @param stepMillis milliseconds by step, in order
 * @param totalMillis milliseconds of all of it
 */
public record UpReport(
    String environment,
    String url,
    boolean healthy,
    @Nullable String version,
    boolean changed,
    Changes resources,
    List<String> migrations,
    @JsonProperty("step_millis") Map<String, Long> stepMillis,
    @JsonProperty("total_millis") long totalMillis) {}
