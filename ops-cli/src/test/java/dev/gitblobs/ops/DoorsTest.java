package dev.gitblobs.ops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The doors of relayctl: who may use whom. */
@AnalyzeClasses(packages = "dev.gitblobs.ops", importOptions = ImportOption.DoNotIncludeTests.class)
final class DoorsTest {
  @ArchTest
  static final ArchRule importsNoOtherModule =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.gitblobs.infra..",
              "dev.gitblobs.cloudflare..",
              "dev.gitblobs.protocol..",
              "dev.gitblobs.client..",
              "dev.gitblobs.cli..");

  @ArchTest
  static final ArchRule nothingUsesTheCommandsButMain =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.gitblobs.ops", "dev.gitblobs.ops.command..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.gitblobs.ops.command..");

  @ArchTest
  static final ArchRule theApiClientKnowsNoRoomOfOurs =
      noClasses()
          .that()
          .resideInAPackage("dev.gitblobs.ops.cloudflare..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.gitblobs.ops.command..",
              "dev.gitblobs.ops.environment..",
              "dev.gitblobs.ops.local..",
              "dev.gitblobs.ops.migrate..",
              "dev.gitblobs.ops.provision..",
              "dev.gitblobs.ops.stack..");

  @ArchTest
  static final ArchRule roomsHaveNoCycles =
      slices().matching("dev.gitblobs.ops.(*)..").should().beFreeOfCycles();
}
