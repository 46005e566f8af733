import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Gives the classes of jars the class file version of Java 8, with the stack maps that it needs: the archive from which the command starts keeps
 * no class that is older than Java 6. Nothing else of them changes, and the runtime verifies each as any other.
 *
 * <p>usage: RenewClasses JAR…
 */
final class RenewClasses {
    private final ClassFile classFile;

    private RenewClasses(ClassLoader classes) {
        classFile = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(classes)
                                .orElse(ClassHierarchyResolver.defaultResolver())),
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
    }

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            Path path = Path.of(jar);
            try (URLClassLoader classes = new URLClassLoader(new URL[] {path.toUri().toURL()})) {
                new RenewClasses(classes).renew(path);
            }
        }
    }

    private void renew(Path jar) throws IOException {
        Path renewed = Path.of(jar + ".new");
        try (ZipFile before = new ZipFile(jar.toFile());
                ZipOutputStream after = new ZipOutputStream(Files.newOutputStream(renewed))) {
            for (ZipEntry entry : Collections.list(before.entries())) {
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(0);
                after.putNextEntry(copy);
                try (InputStream content = before.getInputStream(entry)) {
                    byte[] bytes = content.readAllBytes();
                    after.write(entry.getName().endsWith(".class") ? renewed(bytes) : bytes);
                }
                after.closeEntry();
            }
        }
        Files.move(renewed, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private byte[] renewed(byte[] bytes) {
        ClassModel model = classFile.parse(bytes);
        if (model.majorVersion() >= ClassFile.JAVA_6_VERSION) {
            return bytes;
        }
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
            } else {
                builder.with(element);
            }
        };
        // Bodies are written anew, or they would be copied without stack maps.
        return classFile.transformClass(
                model, version.andThen(ClassTransform.transformingMethodBodies((code, element) -> code.with(element))));
    }
}
