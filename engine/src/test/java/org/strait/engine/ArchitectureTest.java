package org.strait.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Which package may import which: the arrows of docs/design.md.
class ArchitectureTest {
  private static final String ROOT = "org.strait.engine";

  /// Package of the engine → packages of the engine it may import.
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("topology", Set.of()),
          Map.entry("metrics", Set.of()),
          Map.entry("adapt", Set.of()),
          Map.entry("transport", Set.of("rendezvous", "topology")),
          Map.entry("rendezvous", Set.of()),
          Map.entry("collective", Set.of("transport", "topology")),
          Map.entry("compress", Set.of()),
          Map.entry(
              "exchange", Set.of("compress", "collective", "transport", "topology", "ledger")),
          Map.entry("data", Set.of()),
          Map.entry("disk", Set.of()),
          Map.entry("model", Set.of("data", "disk")),
          Map.entry("net", Set.of("data", "model")),
          Map.entry("optim", Set.of()),
          Map.entry("solver", Set.of("data")),
          Map.entry("checkpoint", Set.of("disk")),
          Map.entry("ledger", Set.of()));

  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.strait");

  @Test
  void everyPackageImportsOnlyWhatTheDesignAllows() {
    List<String> packages = new ArrayList<>(MAY_IMPORT.keySet());
    for (String name : packages) {
      List<String> forbidden =
          packages.stream()
              .filter(other -> !other.equals(name) && !MAY_IMPORT.get(name).contains(other))
              .map(other -> ROOT + "." + other + "..")
              .toList();
      noClasses()
          .that()
          .resideInAPackage(ROOT + "." + name + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(forbidden.toArray(String[]::new))
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage(ROOT)
          .check(ENGINE);
    }
  }

  @Test
  void everyEnginePackageIsInTheTable() {
    Set<String> found = new TreeSet<>();
    ENGINE.stream()
        .map(type -> type.getPackageName())
        .filter(name -> name.startsWith(ROOT + "."))
        .map(name -> name.substring(ROOT.length() + 1).split("\\.", 2)[0])
        .forEach(found::add);
    assertEquals(new TreeSet<>(MAY_IMPORT.keySet()), found);
  }

  @Test
  void engineNeedsOnlyTheJdkAndKernels() {
    classes()
        .that()
        .resideInAPackage(ROOT + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "..",
            "org.strait.kernels",
            "org.strait.memory",
            "java..",
            "javax.imageio..",
            "javax.net..",
            "javax.security.auth.x500",
            "com.sun.management..")
        .check(ENGINE);
  }

  @Test
  void kernelsKnowNothingOfTheEngine() {
    noClasses()
        .that()
        .resideInAnyPackage("org.strait.kernels..", "org.strait.memory..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "..")
        .check(ENGINE);
    noClasses()
        .that()
        .resideInAPackage("org.strait.memory..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.strait.kernels..")
        .check(ENGINE);
  }

  @Test
  void librariesDoNotPrintExitOrSerialise() {
    noClasses()
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(System.class, "setProperty", String.class, String.class)
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectOutputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .check(ENGINE);
  }

  @Test
  void noStaticStateThatChanges() {
    List<String> mutable =
        ENGINE.stream()
            .flatMap(type -> type.getFields().stream())
            .filter(
                field ->
                    field
                        .getModifiers()
                        .contains(com.tngtech.archunit.core.domain.JavaModifier.STATIC))
            .filter(
                field ->
                    !field
                        .getModifiers()
                        .contains(com.tngtech.archunit.core.domain.JavaModifier.FINAL))
            .map(field -> field.getFullName())
            .toList();
    assertTrue(mutable.isEmpty(), () -> "static fields that are not final: " + mutable);
  }

  @Test
  void namesSayWhatTheyAre() {
    for (String word : List.of("Impl", "Abstract", "Manager", "Helper", "Utils", "Util")) {
      noClasses()
          .should()
          .haveSimpleNameEndingWith(word)
          .orShould()
          .haveSimpleNameStartingWith(word)
          .check(ENGINE);
    }
  }
}
