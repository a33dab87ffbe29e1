package acervo.cli;

import acervo.wire.v1.File;
import acervo.wire.v1.Kind;
import java.util.Locale;

/// A file in a JSON answer: the same fields everywhere.
final class FileJson {
    private FileJson() {}

    /// Writes one object.
    static void write(JsonWriter json, File f) {
        json.open().field("path", f.getPath());
        if (f.getImplied()) {
            json.field("kind", "folder").field("implied", true).close();
            return;
        }
        json.field("kind", kind(f)).field("size", f.getSize()).field("sha256", f.getSha256());
        json.field("version", f.getVersion()).field("modified", f.getModifiedMillis());
        json.field("stored", f.getStoredMillis()).field("executable", f.getExecutable());
        json.field("replicas", f.getReplicas()).field("verified", f.getVerified());
        json.field("author", f.getAuthor()).close();
    }

    static String kind(File f) {
        return isFolder(f) ? "folder" : f.getKind().name().toLowerCase(Locale.ROOT);
    }

    static boolean isFolder(File f) {
        return f.getImplied() || f.getKind() == Kind.FOLDER;
    }
}
