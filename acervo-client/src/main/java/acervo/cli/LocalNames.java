package acervo.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Completes paths of this machine.
final class LocalNames implements Questions.Names {
    private static final int MOST = 500;

    private final Surroundings io;
    private final boolean foldersOnly;

    LocalNames(Surroundings io, boolean foldersOnly) {
        this.io = io;
        this.foldersOnly = foldersOnly;
    }

    @Override
    public List<Questions.Name> startingWith(String beginning) {
        int slash = beginning.lastIndexOf('/');
        String folder = beginning.substring(0, slash + 1);
        String start = beginning.substring(slash + 1);
        List<Questions.Name> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(io.path(expanded(io, folder)))) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                // Hidden names are for those who type the dot.
                if (!name.startsWith(start) || start.isEmpty() && name.startsWith(".")) {
                    continue;
                }
                boolean open = Files.isDirectory(entry);
                if (open || !foldersOnly) {
                    String shown = name + (open ? "/" : "");
                    found.add(new Questions.Name(folder + shown, shown, open));
                }
                if (found.size() == MOST) {
                    break;
                }
            }
        } catch (IOException | RuntimeException _) {
            // Not a folder, or not for us to read: there is nothing to offer.
            return List.of();
        }
        found.sort(Comparator.comparing(Questions.Name::text));
        return found;
    }

    /// What a shell would have made of an answer: `~/` is the home folder.
    static String expanded(Surroundings io, String text) {
        String home = io.variable("HOME");
        return text.startsWith("~/") && !home.isEmpty() ? home + text.substring(1) : text;
    }
}
