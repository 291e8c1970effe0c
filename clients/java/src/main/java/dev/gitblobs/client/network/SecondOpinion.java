package dev.gitblobs.client.network;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Asks Java's authorities, and where these do not know a certificate, the user's and the system's.
 * Each is read when it is asked: that costs more than most commands take. Each checks the host's
 * name as well.
 */
final class SecondOpinion extends X509ExtendedTrustManager {
  private final List<Certificate> own;
  private @Nullable X509ExtendedTrustManager first;
  private @Nullable X509ExtendedTrustManager second;

  SecondOpinion(List<Certificate> own) {
    this.own = List.copyOf(own);
  }

  /** One way of asking. */
  private interface Question {
    void ask(X509ExtendedTrustManager manager) throws CertificateException;
  }

  private void ask(Question question) throws CertificateException {
    try {
      question.ask(first());
    } catch (CertificateException e) {
      try {
        question.ask(second());
      } catch (CertificateException again) {
        again.addSuppressed(e);
        throw again;
      }
    }
  }

  private synchronized X509ExtendedTrustManager first() throws CertificateException {
    if (first == null) {
      first = manager(null);
    }
    return first;
  }

  private synchronized X509ExtendedTrustManager second() throws CertificateException {
    if (second == null) {
      List<Certificate> all = new ArrayList<>(own);
      all.addAll(Trust.ofSystem());
      second = all.isEmpty() ? first() : manager(all);
    }
    return second;
  }

  private static X509ExtendedTrustManager manager(@Nullable List<Certificate> authorities)
      throws CertificateException {
    try {
      return Trust.manager(authorities);
    } catch (GeneralSecurityException e) {
      throw new CertificateException(e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    ask(manager -> manager.checkServerTrusted(chain, authType));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    ask(manager -> manager.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    ask(manager -> manager.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0]; // what a server would show its clients
  }
}
