package dev.gitblobs.cloudflare.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadBase.FileUploadIOException;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.UploadContext;

/** A part of a multipart body. */
public final class Part {
  private final String name;
  private final String fileName;
  private final String contentType;
  private final byte[] bytes;

  private Part(String name, String fileName, String contentType, byte[] bytes) {
    this.name = name;
    this.fileName = fileName;
    this.contentType = contentType;
    this.bytes = bytes;
  }

  /** The form field. */
  public String name() {
    return name;
  }

  /** The name of the file; the form field's when the part is no file. */
  public String fileName() {
    return fileName;
  }

  /** {@code application/octet-stream} when the part does not say. */
  public String contentType() {
    return contentType;
  }

  /** The content; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  static List<Part> read(Request request, long maxBytes) throws IOException {
    FileUpload upload = new FileUpload();
    upload.setSizeMax(maxBytes);
    List<Part> parts = new ArrayList<>();
    Set<String> names = new HashSet<>();
    try {
      FileItemIterator items = upload.getItemIterator(new Body(request));
      while (items.hasNext()) {
        Part part = read(items.next());
        if (!names.add(part.fileName())) {
          throw malformed("two parts are named " + part.fileName());
        }
        parts.add(part);
      }
      return parts;
    } catch (FileUploadIOException e) {
      throw asApiException(Objects.requireNonNullElse(e.getCause(), e));
    } catch (FileUploadException e) {
      throw asApiException(e);
    }
  }

  private static Part read(FileItemStream item) throws IOException {
    try (InputStream content = item.openStream()) {
      String name = Objects.requireNonNullElse(item.getFieldName(), "");
      return new Part(
          name,
          Objects.requireNonNullElse(item.getName(), name),
          Objects.requireNonNullElse(item.getContentType(), "application/octet-stream"),
          content.readAllBytes());
    }
  }

  private static ApiException asApiException(Throwable e) {
    return e instanceof org.apache.commons.fileupload.FileUploadBase.SizeLimitExceededException
        ? new ApiException(413, 10027, "The upload is too large: " + e.getMessage())
        : malformed(String.valueOf(e.getMessage()));
  }

  private static ApiException malformed(String detail) {
    return ApiException.badRequest(10023, "The multipart body is malformed: " + detail);
  }

  /** What commons-fileupload wants to know of a request. */
  private record Body(Request request) implements UploadContext {
    @Override
    public String getCharacterEncoding() {
      return "UTF-8";
    }

    @Override
    public String getContentType() {
      return request.header("Content-Type").orElse("");
    }

    /** Never asked: {@link #contentLength} replaced it. */
    @Override
    @SuppressWarnings("deprecation")
    public int getContentLength() {
      return -1;
    }

    @Override
    public long contentLength() {
      return request.header("Content-Length").map(Long::parseLong).orElse(-1L);
    }

    @Override
    public InputStream getInputStream() {
      return request.body();
    }
  }
}
