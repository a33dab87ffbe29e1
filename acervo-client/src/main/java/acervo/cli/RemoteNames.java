package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.UnreachableException;
import acervo.model.FilePath;
import acervo.model.RefusedException;
import acervo.wire.v1.File;
import acervo.wire.v1.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Completes addresses on the server.
final class RemoteNames implements Questions.Names {
    private static final int MOST = 500;

    private final Supplier<AcervoClient> client;

    /// @param client one that gives up soon: a person waits at the keyboard
    RemoteNames(Supplier<AcervoClient> client) {
        this.client = client;
    }

    @Override
    public List<Questions.Name> startingWith(String beginning) {
        List<Questions.Name> found = new ArrayList<>();
        try {
            if (beginning.indexOf(':') < 0) {
                for (Space space : client.get().spaces().getSpacesList()) {
                    String name = space.getName() + ":";
                    if (name.startsWith(beginning)) {
                        found.add(new Questions.Name(name, name, true));
                    }
                }
            }
            addPaths(beginning, found);
        } catch (RefusedException | UnreachableException _) {
            // No such place, or no server: there is nothing to offer.
        }
        return found;
    }

    private void addPaths(String beginning, List<Questions.Name> found) {
        int slash = Math.max(beginning.lastIndexOf('/'), beginning.indexOf(':'));
        String folder = beginning.substring(0, slash + 1);
        String start = beginning.substring(slash + 1);
        Address at = Address.parse(folder.isEmpty() ? "home:" : folder);
        // A listing begins behind the name that it is given: the name itself is asked for apart.
        String after = start.isEmpty() ? "" : at.path().resolve(start).text();
        if (!after.isEmpty()) {
            Address exact = new Address(at.space(), new FilePath(after), false);
            if (Tree.what(client.get(), exact) == Tree.What.FOLDER) {
                found.add(new Questions.Name(beginning + "/", start + "/", true));
            }
        }
        for (File f :
                client.get().list(at.space(), at.path(), false, after, MOST).getFilesList()) {
            String name = new FilePath(f.getPath()).name();
            if (!name.startsWith(start)) {
                break;
            }
            boolean open = FileJson.isFolder(f);
            String shown = name + (open ? "/" : "");
            Questions.Name one = new Questions.Name(folder + shown, shown, open);
            if (!found.contains(one)) {
                found.add(one);
            }
        }
    }
}
