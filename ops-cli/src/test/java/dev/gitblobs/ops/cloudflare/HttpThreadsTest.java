package dev.gitblobs.ops.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In a process of its own, since other tests use clients, too. */
final class HttpThreadsTest {
  /** What that process does. */
  public static final class Client {
    private Client() {}

    /** Makes a client, ends its thread, and says whether it ended. */
    public static void main(String[] args) throws InterruptedException {
      HttpClient client = HttpClient.newHttpClient();
      try {
        List<Thread> before = HttpThreads.waiting();
        HttpThreads.end();
        for (Thread thread : before) {
          thread.join(TimeUnit.SECONDS.toMillis(10));
        }
        System.out.println(before.size() + " then " + HttpThreads.waiting().size());
      } finally {
        Reference.reachabilityFence(client);
      }
    }
  }

  @Test
  void endsTheThreadOfAClientThatIsStillThere() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Client.class.getName())
            .redirectErrorStream(true)
            .start();
    try (InputStream output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      assertThat(said.strip()).isEqualTo("1 then 0");
    }
  }
}
