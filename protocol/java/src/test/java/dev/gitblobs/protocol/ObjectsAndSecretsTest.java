package dev.gitblobs.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the records do beyond the wire. */
class ObjectsAndSecretsTest {
  private static final Body ONE = body("one");
  private static final Body THREE = body("three");

  private static Body body(String text) {
    return Body.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void bodiesAreComparedByContentAndShowTheirSizeAlone() {
    assertThat(ONE).isEqualTo(body("one")).isNotEqualTo(body("two")).isNotEqualTo("one");
    assertThat(ONE).hasSameHashCodeAs(body("one"));
    assertThat(ONE.hashCode()).isNotEqualTo(THREE.hashCode());
    assertThat(THREE).hasToString("5 bytes");
  }

  @Test
  void eachOfManyObjectsGetsItsOwnBytes() {
    ServerOp.Objects objects =
        new ServerOp.Objects(
            1,
            List.of(
                new SizedKey(ObjectType.BLOB, ONE.sha256(), 3),
                new SizedKey(ObjectType.TREE, THREE.sha256(), 5),
                new SizedKey(ObjectType.BLOB, ONE.sha256(), 3)),
            body("onethreeone"));
    assertThat(objects.bodies()).containsExactly(ONE, THREE, ONE);
    assertThat(objects.items().get(1).key())
        .isEqualTo(new ObjectKey(ObjectType.TREE, THREE.sha256()));
  }

  @Test
  void aPutNamesItsBytesByTheirHash() {
    assertThat(ClientOp.Put.of(7, ObjectType.BLOB, ONE))
        .isEqualTo(new ClientOp.Put(7, ObjectType.BLOB, ONE.sha256(), 3, null, ONE));
  }

  @Test
  void anErrorsCodeIsKnownOrOfALaterVersion() {
    assertThat(ErrorCode.of("bad_token")).contains(ErrorCode.BAD_TOKEN);
    assertThat(failure("bad_token").known()).contains(ErrorCode.BAD_TOKEN);
    assertThat(failure("too_hot").known()).isEmpty();
  }

  private static ServerOp.Failure failure(String code) {
    return new ServerOp.Failure(1L, code, "why", Retry.NO, null, null, null, null);
  }

  @Test
  void aTokenIsNotShown() {
    assertThat(new ClientOp.Auth("secret").toString()).contains("Auth").doesNotContain("secret");
  }
}
