package dev.gitblobs.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(
    packages = "dev.gitblobs.client",
    importOptions = ImportOption.DoNotIncludeTests.class)
class DoorsTest {
  /** Lower layers first; each may be used by those after it only. */
  @ArchTest
  static final ArchRule PACKAGES_USE_ONLY_THOSE_BELOW_THEM =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("json")
          .definedBy("dev.gitblobs.client.json")
          .layer("object")
          .definedBy("dev.gitblobs.client.object")
          .layer("store")
          .definedBy("dev.gitblobs.client.store")
          .layer("pack")
          .definedBy("dev.gitblobs.client.pack")
          .layer("history")
          .definedBy("dev.gitblobs.client.history")
          .layer("network")
          .definedBy("dev.gitblobs.client.network")
          .layer("sync")
          .definedBy("dev.gitblobs.client.sync")
          .layer("folder")
          .definedBy("dev.gitblobs.client.folder")
          .whereLayer("json")
          .mayOnlyBeAccessedByLayers("object", "store", "pack", "history", "sync", "folder")
          .whereLayer("object")
          .mayOnlyBeAccessedByLayers("store", "pack", "history", "sync", "folder")
          .whereLayer("store")
          .mayOnlyBeAccessedByLayers("pack", "history", "sync", "folder")
          .whereLayer("pack")
          .mayOnlyBeAccessedByLayers("history", "sync")
          .whereLayer("history")
          .mayOnlyBeAccessedByLayers("sync", "folder")
          .whereLayer("network")
          .mayOnlyBeAccessedByLayers("sync")
          .whereLayer("sync")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("folder")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule TIME_IS_PASSED_IN =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .because("callers give the clock, so that tests can");

  @ArchTest
  static final ArchRule NOBODY_ENDS_THE_PROCESS =
      noClasses().should().callMethod(System.class, "exit", int.class).because("this is a library");
}
