package dev.gitblobs.ops.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gitblobs.ops.migrate.lint.Finding;
import dev.gitblobs.ops.stack.Changes;
import dev.gitblobs.ops.stack.PlannedStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment would do; its JSON form is stable.
 *
 * @param environment the environment's name
 * @param isFirst whether no Worker serves there; then everything is made
 * @param resources what changes in the infrastructure, counted
 * @param steps each resource that changes
 * @param migrations names of those that would be applied, in order
 * @param findings what the lint warns of in them
 * @param version the Worker version that serves now and would be rolled back to; null when there is
 *     none or traffic is split
 * @param signingKeyAgeDays age of the key that signs, in days; null when it is not known
 */
public record DeployPlan(
    String environment,
    @JsonProperty("first") boolean isFirst,
    Changes resources,
    List<PlannedStep> steps,
    List<String> migrations,
    List<Finding> findings,
    @Nullable String version,
    @JsonProperty("signing_key_age_days") @Nullable Long signingKeyAgeDays) {}
