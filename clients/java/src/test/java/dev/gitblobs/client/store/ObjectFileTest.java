package dev.gitblobs.client.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectFileTest {
  private final Random random = new Random(7);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 256, 5_000, 300_000})
  void readsTheBlobItWroteWithAndWithoutTheShortCut(int length) throws IOException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    byte[] file = fileOf(bytes);
    assertThat(bytesOf(ObjectFile.read(new ByteArrayInputStream(file)))).isEqualTo(bytes);
    assertThat(ObjectFile.plainBlob(file).map(ObjectFileTest::bytesOf)).hasValue(bytes);
    assertThat(bytesOf(ObjectFile.parse(new ByteArrayInputStream(file)))).isEqualTo(bytes);
  }

  @Test
  void takesTheShortCutOnlyToWhatTheLongWayReads() throws IOException {
    byte[] alphabet = "0123456789,,,,]}[{\" :blobhashdatacontenttype-.e".getBytes(ISO_8859_1);
    int taken = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(6)];
      random.nextBytes(bytes);
      byte[] file = mutated(fileOf(bytes), alphabet);
      Optional<byte[]> quick = ObjectFile.plainBlob(file).map(ObjectFileTest::bytesOf);
      if (quick.isPresent()) {
        taken++;
        assertThat(quick).as(new String(file, ISO_8859_1)).hasValue(slowly(file));
      }
    }
    assertThat(taken).isGreaterThan(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"01", "256", "1,", ",1", "1,,2", "-1", "1 ", "1.0", "00", "1000000000000"})
  void leavesOtherNumbersToTheLongWay(String data) {
    byte[] text = data.getBytes(ISO_8859_1);
    assertThat(DecimalBytes.read(text, 0, text.length)).isEmpty();
  }

  private byte[] mutated(byte[] file, byte[] alphabet) {
    byte[] mutant = Arrays.copyOf(file, file.length);
    for (int i = random.nextInt(3); i > 0; i--) {
      mutant[random.nextInt(mutant.length)] = alphabet[random.nextInt(alphabet.length)];
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(mutant, random.nextInt(mutant.length + 1))
        : mutant;
  }

  private static byte[] slowly(byte[] file) throws IOException {
    try {
      return bytesOf(ObjectFile.parse(new ByteArrayInputStream(file)));
    } catch (GitBlobsException e) {
      return new byte[] {-1, -2, -3, -4, -5, -6, -7};
    }
  }

  private static byte[] fileOf(byte[] bytes) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ObjectFile.write(Blob.of(bytes), file);
    return file.toByteArray();
  }

  private static byte[] bytesOf(StoredObject object) {
    return ((Blob) object).toBytes();
  }
}
