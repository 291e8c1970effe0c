package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Empty;
import com.google.protobuf.Struct;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.Closeable;
import pulumirpc.Provider.CheckRequest;
import pulumirpc.Provider.CheckResponse;
import pulumirpc.Provider.ConfigureRequest;
import pulumirpc.Provider.CreateRequest;
import pulumirpc.Provider.CreateResponse;
import pulumirpc.Provider.DeleteRequest;
import pulumirpc.Provider.DiffRequest;
import pulumirpc.Provider.DiffResponse;
import pulumirpc.Provider.InvokeRequest;
import pulumirpc.Provider.InvokeResponse;
import pulumirpc.Provider.ReadRequest;
import pulumirpc.Provider.ReadResponse;
import pulumirpc.Provider.UpdateRequest;
import pulumirpc.Provider.UpdateResponse;
import pulumirpc.ResourceProviderGrpc;
import pulumirpc.ResourceProviderGrpc.ResourceProviderBlockingStub;

/** Speaks to a provider as the engine does, with properties written as JSON. */
final class ProviderClient implements Closeable {
  static final String TOKEN = "t".repeat(40);

  private final ManagedChannel channel;
  private final ResourceProviderBlockingStub stub;

  ProviderClient(ProviderServer server) {
    channel = NettyChannelBuilder.forTarget("127.0.0.1:" + server.port()).usePlaintext().build();
    stub = ResourceProviderGrpc.newBlockingStub(channel);
  }

  ResourceProviderBlockingStub stub() {
    return stub;
  }

  ProviderClient configured(String baseUrl) {
    stub.configure(
        ConfigureRequest.newBuilder()
            .setArgs(struct("{'baseUrl':'" + baseUrl + "','apiToken':'" + TOKEN + "'}"))
            .build());
    return this;
  }

  CheckResponse checkConfig(String json) {
    return stub.checkConfig(CheckRequest.newBuilder().setNews(struct(json)).build());
  }

  CheckResponse check(String type, String json) {
    return stub.check(CheckRequest.newBuilder().setUrn(urn(type)).setNews(struct(json)).build());
  }

  DiffResponse diff(String type, String olds, String news) {
    return stub.diff(
        DiffRequest.newBuilder()
            .setUrn(urn(type))
            .setOldInputs(struct(olds))
            .setNews(struct(news))
            .build());
  }

  CreateResponse create(String type, String json) {
    return create(type, struct(json), false);
  }

  CreateResponse create(String type, Struct inputs, boolean preview) {
    return stub.create(
        CreateRequest.newBuilder()
            .setUrn(urn(type))
            .setProperties(inputs)
            .setPreview(preview)
            .build());
  }

  UpdateResponse update(String type, String id, String state, String news) {
    return stub.update(
        UpdateRequest.newBuilder()
            .setUrn(urn(type))
            .setId(id)
            .setOlds(struct(state))
            .setNews(struct(news))
            .build());
  }

  ReadResponse read(String type, String id, String inputs) {
    return stub.read(
        ReadRequest.newBuilder()
            .setUrn(urn(type))
            .setId(id)
            .setInputs(struct(inputs))
            .setProperties(struct(inputs))
            .build());
  }

  Empty delete(String type, String id, String state) {
    return stub.delete(
        DeleteRequest.newBuilder()
            .setUrn(urn(type))
            .setId(id)
            .setProperties(struct(state))
            .build());
  }

  InvokeResponse invoke(String function, String json) {
    return stub.invoke(
        InvokeRequest.newBuilder()
            .setTok("cloudflare:index/" + function)
            .setArgs(struct(json))
            .build());
  }

  /** JSON with single quotes as a struct. */
  static Struct struct(String json) {
    try {
      var tree = (ObjectNode) Json.MAPPER.readTree(json.replace('\'', '"'));
      return Wire.toStruct(tree, Shape.of(""), Struct.getDefaultInstance());
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  private static String urn(String type) {
    return "urn:pulumi:dev::gitblobs-relay::gitblobs:relay:X$cloudflare:index/" + type + "::it";
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
