package acervo.cli;

import java.util.List;
import java.util.Optional;

/// Every verb by its name. A verb's class is loaded when it is asked for.
final class Verbs {
    /// In the order of the help. Those of two words share a help page under the first one.
    static final List<String> NAMES = List.of(
            "put",
            "get",
            "ls",
            "info",
            "rm",
            "mv",
            "replicas",
            "want",
            "wants",
            "unwant",
            "notices",
            "sync",
            "space create",
            "space ls",
            "space grant",
            "space revoke",
            "space rm",
            "login",
            "whoami",
            "logout",
            "status",
            "verify",
            "hello",
            "serve",
            "completion",
            "help");

    private Verbs() {}

    static Optional<Verb> find(String name) {
        return switch (name) {
            case "put" -> Optional.of(new Put());
            case "get" -> Optional.of(new Get());
            case "ls" -> Optional.of(new Ls());
            case "info" -> Optional.of(new Receipt());
            case "rm" -> Optional.of(new Rm());
            case "mv" -> Optional.of(new Mv());
            case "replicas" -> Optional.of(new Replicas());
            case "want" -> Optional.of(new Want());
            case "wants" -> Optional.of(new Wants());
            case "unwant" -> Optional.of(new Unwant());
            case "notices" -> Optional.of(new Notices());
            case "sync" -> Optional.of(new SyncFolder());
            case "space create" -> Optional.of(new SpaceCreate());
            case "space ls" -> Optional.of(new SpaceLs());
            case "space grant" -> Optional.of(new SpaceGrant());
            case "space revoke" -> Optional.of(new SpaceRevoke());
            case "space rm" -> Optional.of(new SpaceRm());
            case "login" -> Optional.of(new Login());
            case "whoami" -> Optional.of(new WhoAmI());
            case "logout" -> Optional.of(new Logout());
            case "status" -> Optional.of(new Status());
            case "verify" -> Optional.of(new Verify());
            case "hello" -> Optional.of(new Hello());
            case "serve" -> Optional.of(new Serve());
            case "completion" -> Optional.of(new Completion());
            case "help" -> Optional.of(new Help());
            case "train" -> Optional.of(new Train());
            default -> Optional.empty();
        };
    }

    /// The help page of a verb: that of its first word.
    static String page(String name) {
        int space = name.indexOf(' ');
        return space < 0 ? name : name.substring(0, space);
    }
}
