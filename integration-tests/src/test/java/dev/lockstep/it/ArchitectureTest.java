package dev.lockstep.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ArchitectureTest {
    private static final String GATE = "dev.lockstep.orchestrator.gate..";

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.lockstep");

    @Test
    void theFourModulesAreLookedAt() {
        for (String module : List.of("manifest", "podman", "orchestrator", "systemd")) {
            assertThat(PRODUCT.containPackage("dev.lockstep." + module))
                    .as(module)
                    .isTrue();
        }
    }

    @Test
    void dependenciesGoOneWayDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("systemd")
                .definedBy("dev.lockstep.systemd..")
                .layer("orchestrator")
                .definedBy("dev.lockstep.orchestrator..")
                .layer("podman-client")
                .definedBy("dev.lockstep.podman..")
                .layer("manifest")
                .definedBy("dev.lockstep.manifest..")
                .whereLayer("systemd")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("orchestrator")
                .mayOnlyBeAccessedByLayers("systemd")
                .whereLayer("podman-client")
                .mayOnlyBeAccessedByLayers("orchestrator", "systemd")
                .check(PRODUCT);
    }

    @Test
    void onlyTheRunnerOfProgramsAndTheGateStartPrograms() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.lockstep.podman.process", "dev.lockstep.systemd.gate")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .check(PRODUCT);
    }

    /** At shutdown it runs from two jars. */
    @Test
    void theGateNeedsTheJdkAlone() {
        classes()
                .that()
                .resideInAnyPackage(GATE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations", GATE)
                .check(PRODUCT);
        classes()
                .that()
                .resideInAnyPackage("dev.lockstep.systemd.gate..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations", GATE, "dev.lockstep.systemd.gate..")
                .check(PRODUCT);
    }

    @Test
    void terminalsAreKnownToTheEdgeAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.lockstep.systemd..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "ch.qos.logback..")
                .check(PRODUCT);
    }

    /** The two ends of the bus meet in what both speak, and nowhere else. */
    @Test
    void theBusIsKnownToItsTwoEndsAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.lockstep.systemd.bus", "dev.lockstep.systemd.daemon", "dev.lockstep.systemd.command")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.freedesktop.dbus..")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage("dev.lockstep.systemd.daemon")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.lockstep.systemd.command")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage("dev.lockstep.systemd.command")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.lockstep.systemd.daemon")
                .check(PRODUCT);
    }

    @Test
    void whatServesAllPartsOfTheEdgeKnowsNoneOfThem() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.lockstep.systemd.bus",
                        "dev.lockstep.systemd.json",
                        "dev.lockstep.systemd.notify",
                        "dev.lockstep.systemd.socket")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.lockstep.systemd.daemon", "dev.lockstep.systemd.command")
                .check(PRODUCT);
    }

    @Test
    void theManifestModuleKnowsNoJsonAndNoNetwork() {
        noClasses()
                .that()
                .resideInAPackage("dev.lockstep.manifest..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml..", "java.net..", "javax.net..")
                .check(PRODUCT);
    }

    @Test
    void nothingPrintsPastTheCommandsOwnOutput() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.lockstep.systemd..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(PRODUCT);
    }

    @Test
    void failuresAreNotNamedErrorWhenTheyAreExceptions() {
        classes()
                .that()
                .areAssignableTo(Exception.class)
                .should()
                .haveSimpleNameEndingWith("Exception")
                .check(PRODUCT);
    }

    @Test
    void everyPackageSaysWhatItIsAndTakesNoNulls() {
        for (JavaPackage found : packages()) {
            assertThat(found.isAnnotatedWith(NullMarked.class))
                    .as(found.getName())
                    .isTrue();
        }
    }

    private static Set<JavaPackage> packages() {
        return PRODUCT.stream().map(type -> type.getPackage()).collect(java.util.stream.Collectors.toSet());
    }
}
