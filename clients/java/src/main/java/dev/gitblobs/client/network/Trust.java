package dev.gitblobs.client.network;

import dev.gitblobs.client.GitBlobsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates are trusted. */
final class Trust {
  /**
   * Where systems keep the authorities that their administrators chose; the first that is there.
   */
  private static final List<Path> SYSTEM =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private Trust() {}

  /**
   * Trusts Java's authorities and those in these files; and the system's, read when they are
   * needed.
   */
  static SSLContext context(List<Path> files) {
    try {
      List<Certificate> own = new ArrayList<>();
      for (Path file : files) {
        own.addAll(read(file));
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new SecondOpinion(own)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new GitBlobsException("Tried to prepare TLS but failed: " + e, e);
    }
  }

  private static Collection<? extends Certificate> read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw new GitBlobsException("There is no certificate in " + file + ".");
      }
      return all;
    } catch (IOException | GeneralSecurityException e) {
      throw new GitBlobsException(
          "Tried to read certificates (PEM) from " + file + " but failed: " + e, e);
    }
  }

  /** Of these authorities; null means Java's own. */
  static X509ExtendedTrustManager manager(@Nullable Collection<? extends Certificate> authorities)
      throws GeneralSecurityException {
    KeyStore store = null;
    if (authorities != null) {
      store = emptyStore();
      int number = 0;
      for (Certificate authority : authorities) {
        store.setCertificateEntry("authority-" + number++, authority);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager known) {
        return known;
      }
    }
    throw new GeneralSecurityException("this Java has no trust manager for certificates");
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** The authorities of the system; none where it keeps none, or none that can be read. */
  static Collection<? extends Certificate> ofSystem() {
    return SYSTEM.stream()
        .filter(Files::isReadable)
        .findFirst()
        .<Collection<? extends Certificate>>map(Trust::read)
        .orElse(List.of());
  }
}
