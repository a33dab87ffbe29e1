package acervo.e2e;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The arrows between the packages, as the compiler can't see them inside a module. Each has its reason; an arrow that
/// has
/// to go against one of these is a decision for `docs/architecture.md`, not an exception to write here.
final class ArrowsTest {
    private static final String[] SERVER = {
        "acervo.blob..",
        "acervo.catalog..",
        "acervo.cluster..",
        "acervo.depot..",
        "acervo.interest..",
        "acervo.share..",
        "acervo.http..",
        "acervo.server.."
    };
    private static final String[] CLIENT = {"acervo.client..", "acervo.sync..", "acervo.cli.."};

    private static JavaClasses acervo;

    @BeforeAll
    static void importEverything() {
        acervo = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes"))
                .importPackages("acervo");
    }

    @Test
    void everyPackageOfTheProgramIsSeen() {
        var seen = acervo.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        var known = Set.of(
                "acervo.model",
                "acervo.rules",
                "acervo.wire",
                "acervo.blob",
                "acervo.catalog",
                "acervo.depot",
                "acervo.http",
                "acervo.server",
                "acervo.client",
                "acervo.cli");
        assertTrue(seen.containsAll(known), () -> "rules below would check nothing: only " + seen + " were found");
    }

    @Test
    void everyPackageIsNullMarkedAndDescribed() {
        var bare = acervo.stream()
                .filter(type -> !isGenerated(type))
                .map(JavaClass::getPackage)
                .filter(home -> !home.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), bare, "packages without a @NullMarked package-info.java");
    }

    @Test
    void serverAndClientNeverSeeEachOther() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(SERVER)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(CLIENT),
                "either may be rewritten, or written in another language, without the other");
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(CLIENT)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(SERVER),
                "a command must start without loading a server; what both know stands in acervo-core");
    }

    @Test
    void theModelKnowsOnlyJava() {
        check(
                classes()
                        .that()
                        .resideInAPackage("acervo.model..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "acervo.model..",
                                "java.lang..",
                                "java.util..",
                                "java.time..",
                                "java.nio..",
                                "java.security..",
                                "java.text..",
                                "java.io..",
                                "org.jspecify.."),
                "the vocabulary is what everything else may depend on, so it depends on nothing");
    }

    @Test
    void theRulesKnowOnlyTheModelAndItsFormats() {
        check(
                classes()
                        .that()
                        .resideInAPackage("acervo.rules..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "acervo.rules..",
                                "acervo.model..",
                                "acervo.wire",
                                "java.lang..",
                                "java.util..",
                                "java.time..",
                                "java.nio..",
                                "java.security..",
                                "org.jspecify.."),
                "each voter must decide alike: what the decision sees is the state, the command and the stamp");
    }

    @Test
    void theRulesUseNoCollectionWhoseOrderIsChance() {
        var salted = DescribedPredicate.describe(
                "give a collection in salted or hashed order",
                (JavaAccess<?> access) -> access.getTargetOwner().isEquivalentTo(HashMap.class)
                        || access.getTargetOwner().isEquivalentTo(HashSet.class)
                        || (access.getTargetOwner().isEquivalentTo(Set.class)
                                        || access.getTargetOwner().isEquivalentTo(Map.class))
                                && access.getName().matches("of|ofEntries|copyOf"));
        check(
                noClasses().that().resideInAPackage("acervo.rules..").should().accessTargetWhere(salted),
                "the order of Set.of and Map.of differs from one JVM to the next, and the edits must not");
    }

    @Test
    void theModelAndTheRulesArePure() {
        var impure = DescribedPredicate.describe(
                "give files, sockets, clocks, chance or threads",
                (JavaClass type) -> List.of(
                                        "java.time.Clock",
                                        "java.util.Random",
                                        "java.security.SecureRandom",
                                        "java.lang.Thread",
                                        "java.lang.ThreadLocal")
                                .contains(type.getName())
                        || type.getPackageName().startsWith("java.nio.file")
                                && !type.getName().equals("java.nio.file.Path")
                        || type.getPackageName().startsWith("java.nio.channels")
                        || type.getPackageName().startsWith("java.net")
                        || type.getPackageName().startsWith("java.util.concurrent")
                        || type.getPackageName().startsWith("java.util.random")
                        || type.getName().startsWith("java.io.File"));
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage("acervo.model..", "acervo.rules..")
                        .should(dependOnClassesThat(impure)),
                "the leader stamps time, author and request before the log; applying the log twice gives one state");
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage("acervo.model..", "acervo.rules..")
                        .should()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(java.time.Instant.class, "now")
                        .orShould()
                        .callMethod(java.util.UUID.class, "randomUUID")
                        .orShould()
                        .callMethod(Math.class, "random"),
                "the leader stamps time, author and request before the log; applying the log twice gives one state");
    }

    @Test
    void theWatchKnowsNothingOfAcervo() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("acervo.watch..")
                        .should()
                        .dependOnClassesThat(DescribedPredicate.describe(
                                "are of other packages of Acervo",
                                type -> type.getPackageName().startsWith("acervo.")
                                        && !type.getPackageName().startsWith("acervo.watch"))),
                "both sides watch folders, each for its own reasons");
    }

    @Test
    void theWireKnowsOnlyTheModel() {
        check(
                classes()
                        .that()
                        .resideInAPackage("acervo.wire..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "acervo.wire..", "acervo.model..", "java..", "com.google.protobuf..", "org.jspecify.."),
                "a format is read by both sides and belongs to neither, and what it says is the model's");
    }

    @Test
    void onlyTheClusterAndTheCatalogMachineKnowTheLog() {
        check(
                noClasses()
                        .that(DescribedPredicate.describe(
                                "are not acervo.cluster, nor CatalogMachine",
                                type -> type.getPackageName().startsWith("acervo.")
                                        && !type.getPackageName().startsWith("acervo.cluster")
                                        && !type.getName().matches("acervo\\.catalog\\.CatalogMachine(\\$.*)?")))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("org.apache.ratis.."),
                "the engine of the log stays replaceable, and the state machine testable without one");
    }

    @Test
    void onlyTheStoresKnowTheDatabase() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages("acervo.blob..", "acervo.catalog..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("org.rocksdb.."),
                "keys and column families are formats: they are read where they are written");
    }

    @Test
    void blobsAndCatalogDoNotKnowEachOther() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("acervo.blob..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("acervo.catalog..", "acervo.cluster..", "acervo.depot..", "acervo.http.."),
                "bytes don't know their names: a store can be verified and copied alone");
        check(
                noClasses()
                        .that()
                        .resideInAPackage("acervo.catalog..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("acervo.blob..", "acervo.depot..", "acervo.http.."),
                "names don't know where bytes lie: the catalog is the same on a voter without a store");
    }

    @Test
    void onlyTheDepotJoinsBlobsAndCatalog() {
        var both = DescribedPredicate.describe(
                "touch a store and a catalog",
                (JavaClass type) ->
                        dependsOnA(type, "acervo.blob.BlobStore") && dependsOnA(type, "acervo.catalog.Catalog"));
        check(
                classes().that(both).should().resideInAnyPackage("acervo.depot..", "acervo.server.."),
                "the order of force, log entry and answer is a promise, kept in one place (acervo.server only wires)");
    }

    @Test
    void sharedFoldersKnowNoNames() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("acervo.share..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("acervo.catalog..", "acervo.depot..", "acervo.http.."),
                "what may be read outside the data folder is decided in one small place");
    }

    @Test
    void theFrontDoorHasNoAccessToStores() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("acervo.http..")
                        .should(dependOnClassesThat(assignableTo("acervo.blob.BlobStore")
                                .or(assignableTo("acervo.catalog.Catalog"))
                                .or(resideInAnyPackage("acervo.cluster..", "acervo.rules..")))),
                "a handler parses, makes one call on the depot and renders: it holds no rules");
    }

    @Test
    void onlyTheFrontDoorKnowsTheNetworkLibrary() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages("acervo.http..", "acervo.server..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.vertx..", "io.netty.."),
                "everything behind the door is plain blocking code on virtual threads");
    }

    @Test
    void theClientStaysLight() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(CLIENT)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("java.net.http..", "org.slf4j..", "java.util.logging.."),
                "a command must feel instant: the JDK's HTTP client alone costs four times its start");
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("acervo.cli..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("picocli..", "org.jline.."),
                "the typed client serves other programs too");
        check(
                noClasses()
                        .that()
                        .haveNameNotMatching("acervo\\.cli\\.TerminalQuestions(\\$.*)?")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.jline.."),
                "the line editor is for the menu alone, and no other command may pay for it");
    }

    @Test
    void packagesFormNoCycle() {
        check(slices().matching("acervo.(*)..").should().beFreeOfCycles(), "a cycle is one package in two folders");
    }

    private static boolean dependsOnA(JavaClass type, String name) {
        return type.getDirectDependenciesFromSelf().stream()
                .anyMatch(arrow -> arrow.getTargetClass().isAssignableTo(name));
    }

    private static boolean isGenerated(JavaClass type) {
        return type.getPackageName().startsWith("acervo.wire.v1");
    }

    /// Empty packages pass here: [#everyPackageOfTheProgramIsSeen] fails for them.
    private static void check(ArchRule rule, String because) {
        rule.because(because).allowEmptyShould(true).check(acervo);
    }
}
