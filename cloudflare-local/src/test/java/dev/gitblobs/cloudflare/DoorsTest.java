package dev.gitblobs.cloudflare;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

@AnalyzeClasses(
    packages = "dev.gitblobs.cloudflare",
    importOptions = ImportOption.DoNotIncludeTests.class)
class DoorsTest {
  @ArchTest
  static final ArchRule packagesUseEachOtherOnlyForward =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("main")
          .definedBy("dev.gitblobs.cloudflare")
          .layer("api")
          .definedBy("..cloudflare.api..")
          .layer("http")
          .definedBy("..cloudflare.http..")
          .layer("account")
          .definedBy("..cloudflare.account..")
          .layer("runtime")
          .definedBy("..cloudflare.runtime..")
          .layer("provider")
          .definedBy("..cloudflare.provider..")
          .whereLayer("provider")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("main")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("http")
          .mayOnlyBeAccessedByLayers("main", "api")
          .whereLayer("account")
          .mayOnlyBeAccessedByLayers("main", "api")
          .whereLayer("runtime")
          .mayOnlyBeAccessedByLayers("main", "api");

  @ArchTest
  static final ArchRule theProviderIsAClientLikeAnyOther =
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAPackage("..cloudflare.provider..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..cloudflare.api..",
              "..cloudflare.http..",
              "..cloudflare.account..",
              "..cloudflare.runtime..");

  @ArchTest
  static final ArchRule noOtherModuleIsUsed =
      ArchRuleDefinition.noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.gitblobs.infra..",
              "dev.gitblobs.ops..",
              "dev.gitblobs.protocol..",
              "dev.gitblobs.client..");
}
