package acervo.cli;

import acervo.sync.plan.Operation;
import java.util.Optional;

/// What a person or a program is told of one operation.
///
/// @param name its name in JSON and in the keys of its sentences
/// @param to where a rename leads
/// @param size bytes of the file; -1 where none move
record Deed(String name, String path, Optional<String> to, long size) {
    static Deed of(Operation operation) {
        return switch (operation) {
            case Operation.Upload(var local, var _) ->
                of("upload", local.path().text(), local.content().size());
            case Operation.Download(var remote, var _, var content) ->
                of("download", remote.path().text(), content.size());
            case Operation.MakeRemoteFolder(var path) -> of("make-folder-there", path.text(), -1);
            case Operation.MakeLocalFolder(var path) -> of("make-folder-here", path.text(), -1);
            case Operation.RemoveRemote(var remote) ->
                of("remove-there", remote.path().text(), -1);
            case Operation.RemoveLocal(var local) ->
                of("remove-here", local.path().text(), -1);
            case Operation.MoveRemote(var remote, var to, var _, var _) ->
                moved("rename-there", remote.path().text(), to.text());
            case Operation.MoveLocal(var local, var to, var _, var _) ->
                moved("rename-here", local.path().text(), to.text());
            case Operation.KeepBothRemote(var remote, var to, var _) ->
                moved("keep-both-there", remote.path().text(), to.text());
            case Operation.KeepBothLocal(var local, var to, var _) ->
                moved("keep-both-here", local.path().text(), to.text());
            case Operation.SetRemoteMetadata(var remote, var _) ->
                of("set-times-there", remote.path().text(), -1);
            case Operation.SetLocalMetadata(var local, var _, var _) ->
                of("set-times-here", local.path().text(), -1);
            case Operation.AdoptSame(var agreed) -> of("same", agreed.path().text(), -1);
            case Operation.Forget(var synced) -> of("gone", synced.path().text(), -1);
        };
    }

    /// Whether anything is done at all, but for noting it.
    boolean isSeen() {
        return !name.equals("same") && !name.equals("gone");
    }

    boolean isConflict() {
        return name.startsWith("keep-both");
    }

    /// The sentence.
    String text(Texts t) {
        return t.get("sync.do." + name, path, to.orElse(""));
    }

    private static Deed of(String name, String path, long size) {
        return new Deed(name, path, Optional.empty(), size);
    }

    private static Deed moved(String name, String path, String to) {
        return new Deed(name, path, Optional.of(to), -1);
    }
}
