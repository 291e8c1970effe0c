package dev.gitblobs.infra;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.gitblobs", importOptions = DoNotIncludeTests.class)
final class DoorsTest {
  @ArchTest
  static final ArchRule importsNoOtherModule =
      classes().should().resideInAPackage("dev.gitblobs.infra..");

  @ArchTest
  static final ArchRule resourcesDecideNothing =
      noClasses()
          .that()
          .resideInAPackage("dev.gitblobs.infra.cloudflare")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.gitblobs.infra");
}
