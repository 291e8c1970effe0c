package dev.gitblobs.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.gitblobs.protocol",
    importOptions = ImportOption.DoNotIncludeTests.class)
class DoorsTest {
  @ArchTest
  static final ArchRule usesOnlyTheJdkAndJackson =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.gitblobs.protocol",
              "java.lang..",
              "java.nio..",
              "java.security",
              "java.util..",
              "com.fasterxml.jackson..",
              "org.jspecify.annotations");
}
