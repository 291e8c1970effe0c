package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Empty;
import com.google.protobuf.Struct;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import pulumirpc.Plugin.PluginAttach;
import pulumirpc.Plugin.PluginInfo;
import pulumirpc.Provider.CheckFailure;
import pulumirpc.Provider.CheckRequest;
import pulumirpc.Provider.CheckResponse;
import pulumirpc.Provider.ConfigureRequest;
import pulumirpc.Provider.ConfigureResponse;
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
import pulumirpc.ResourceProviderGrpc.ResourceProviderImplBase;

/** Pulumi's provider protocol: takes requests apart and hands them to the resource types. */
final class CloudflareProvider extends ResourceProviderImplBase {
  /** The version of the genuine provider whose behaviour this one has. */
  private static final String VERSION = "6.17.0";

  private final Map<String, String> environment;

  CloudflareProvider(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public void getPluginInfo(Empty request, StreamObserver<PluginInfo> observer) {
    answer(observer, () -> PluginInfo.newBuilder().setVersion(VERSION).build());
  }

  @Override
  public void attach(PluginAttach request, StreamObserver<Empty> observer) {
    answer(observer, Empty::getDefaultInstance);
  }

  /** Calls have time limits of their own, so that there is nothing to interrupt. */
  @Override
  public void cancel(Empty request, StreamObserver<Empty> observer) {
    answer(observer, Empty::getDefaultInstance);
  }

  @Override
  public void checkConfig(CheckRequest request, StreamObserver<CheckResponse> observer) {
    answer(
        observer,
        () -> {
          var inputs = Wire.toJson(request.getNews());
          var known =
              !Wire.isUnknown(inputs.get("apiToken")) && !Wire.isUnknown(inputs.get("baseUrl"));
          return checked(
              request, known ? ProviderConfig.of(inputs, environment).problems() : List.of());
        });
  }

  /** A new token or address is a change in place: it says how to call, not what there is. */
  @Override
  public void diffConfig(DiffRequest request, StreamObserver<DiffResponse> observer) {
    answer(
        observer,
        () ->
            DiffResponse.newBuilder()
                .setChanges(
                    Wire.toJson(request.getOldInputs()).equals(Wire.toJson(request.getNews()))
                        ? DiffResponse.DiffChanges.DIFF_NONE
                        : DiffResponse.DiffChanges.DIFF_SOME)
                .build());
  }

  @Override
  public void configure(ConfigureRequest request, StreamObserver<ConfigureResponse> observer) {
    answer(
        observer,
        () -> {
          var config = ProviderConfig.of(Wire.toJson(request.getArgs()), environment);
          for (var problem : config.problems()) {
            throw new IllegalArgumentException(
                "cloudflare:" + problem.property() + " " + problem.reason());
          }
          Sessions.configure(new CloudflareApi(config));
          return ConfigureResponse.newBuilder()
              .setAcceptSecrets(true)
              .setSupportsPreview(true)
              .build();
        });
  }

  @Override
  public void invoke(InvokeRequest request, StreamObserver<InvokeResponse> observer) {
    answer(
        observer,
        () -> {
          var found =
              Lookups.call(Sessions.api(), request.getTok(), Wire.toJson(request.getArgs()));
          return InvokeResponse.newBuilder()
              .setReturn(Wire.toStruct(found, Shape.of(""), Struct.getDefaultInstance()))
              .build();
        });
  }

  @Override
  public void check(CheckRequest request, StreamObserver<CheckResponse> observer) {
    answer(
        observer,
        () -> {
          var type = typeOf(request.getUrn());
          var inputs = Wire.toJson(request.getNews());
          return checked(request, type.check(inputs));
        });
  }

  @Override
  public void diff(DiffRequest request, StreamObserver<DiffResponse> observer) {
    answer(
        observer,
        () -> {
          var type = typeOf(request.getUrn());
          var changes =
              Changes.between(
                  Wire.toJson(request.getOldInputs()),
                  Wire.toJson(request.getNews()),
                  type.properties());
          return Diffs.response(changes, type.isDeletedBeforeReplaced());
        });
  }

  @Override
  public void create(CreateRequest request, StreamObserver<CreateResponse> observer) {
    answer(
        observer,
        () -> {
          var type = typeOf(request.getUrn());
          var inputs = Wire.toJson(request.getProperties());
          var made =
              request.getPreview()
                  ? new ResourceType.State("", Previews.created(type.properties(), inputs))
                  : type.create(Sessions.api(), inputs);
          return CreateResponse.newBuilder()
              .setId(made.id())
              .setProperties(encoded(type, made.properties(), request.getProperties()))
              .build();
        });
  }

  @Override
  public void update(UpdateRequest request, StreamObserver<UpdateResponse> observer) {
    answer(
        observer,
        () -> {
          var type = typeOf(request.getUrn());
          var inputs = Wire.toJson(request.getNews());
          var state = new ResourceType.State(request.getId(), Wire.toJson(request.getOlds()));
          var made =
              request.getPreview()
                  ? Previews.updated(type.properties(), state.properties(), inputs)
                  : type.update(Sessions.api(), state, inputs).properties();
          return UpdateResponse.newBuilder()
              .setProperties(encoded(type, made, request.getNews()))
              .build();
        });
  }

  @Override
  public void read(ReadRequest request, StreamObserver<ReadResponse> observer) {
    answer(
        observer,
        () -> {
          var type = typeOf(request.getUrn());
          var applied = new ResourceType.State(request.getId(), Wire.toJson(request.getInputs()));
          var known = applied.properties().isEmpty() ? type.addressOf(request.getId()) : applied;
          return type.read(Sessions.api(), known.id(), known.properties())
              .map(live -> readResponse(type, live, request))
              // An empty id tells the engine that the resource is gone.
              .orElse(ReadResponse.getDefaultInstance());
        });
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<Empty> observer) {
    answer(
        observer,
        () -> {
          var state = new ResourceType.State(request.getId(), Wire.toJson(request.getProperties()));
          typeOf(request.getUrn()).delete(Sessions.api(), state);
          return Empty.getDefaultInstance();
        });
  }

  private static CheckResponse checked(CheckRequest request, List<Properties.Problem> problems) {
    var response = CheckResponse.newBuilder().setInputs(request.getNews());
    problems.forEach(
        problem ->
            response.addFailures(
                CheckFailure.newBuilder()
                    .setProperty(problem.property())
                    .setReason(problem.property() + ": " + problem.reason())));
    return response.build();
  }

  private static ReadResponse readResponse(
      ResourceType type, ResourceType.State live, ReadRequest request) {
    var inputs = live.properties().deepCopy();
    inputs.retain(type.properties().inputs());
    return ReadResponse.newBuilder()
        .setId(live.id())
        .setInputs(encoded(type, inputs, request.getInputs()))
        .setProperties(encoded(type, live.properties(), request.getInputs()))
        .build();
  }

  private static Struct encoded(ResourceType type, ObjectNode properties, Struct like) {
    return Wire.toStruct(properties, type.properties().shape(), like);
  }

  /** The type in {@code urn:pulumi:STACK::PROJECT::PARENT_TYPES$TYPE::NAME}. */
  private static ResourceType typeOf(String urn) {
    var types = urn.split("::", 4)[2];
    return ResourceTypes.of(types.substring(types.lastIndexOf('$') + 1));
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
    T response;
    try {
      response = work.get();
    } catch (ApiException | IllegalArgumentException | IllegalStateException e) {
      observer.onError(
          Status.UNKNOWN.withDescription(e.getMessage()).withCause(e).asRuntimeException());
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }
}
