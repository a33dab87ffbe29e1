package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.UnreachableException;
import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/// What a client can do, by number: asks for what the command needs and runs it.
final class ClientMenu {
    private static final List<String> CHOICES =
            List.of("deposit", "recover", "list", "replicas", "want", "cancel", "notices", "sync", "leave");

    private static final List<String> WAYS = List.of("once", "live");

    private final Session session;
    private final Texts texts;
    private final Asking asking;
    private final Menu.Runner runner;
    private final Questions.Names local;
    private final Questions.Names localFolders;
    private final Questions.Names remote;

    /// @param session for questions to the server, which has to give up soon
    ClientMenu(Session session, Asking asking, Menu.Runner runner) {
        this.session = session;
        this.texts = session.texts();
        this.asking = asking;
        this.runner = runner;
        this.local = new LocalNames(session.io(), false);
        this.localFolders = new LocalNames(session.io(), true);
        this.remote = new RemoteNames(this::client);
    }

    /// Runs until the person leaves.
    ///
    /// @throws Questions.LeftException then
    void run() {
        while (true) {
            String choice = asking.choice("menu.what", "menu.do.", CHOICES);
            if (choice.equals("leave")) {
                throw new Questions.LeftException();
            }
            try {
                until(() -> choose(choice));
            } catch (Asking.BackException _) {
                // Shows the choices again.
            } catch (UnreachableException e) {
                asking.wrong(texts.get("failure.unreachable", e.server(), e.seen()));
            }
        }
    }

    /// Asks again as long as a command says that what it was given can't be.
    private static void until(IntSupplier once) {
        int code;
        do {
            code = once.getAsInt();
        } while (code == Exit.USAGE || code == Exit.REFUSED);
    }

    private int choose(String choice) {
        return switch (choice) {
            case "deposit" -> deposit();
            case "recover" -> recover();
            case "list" -> runner.run(List.of("ls", "-l", asking.orElse("menu.folder", "home:", remote, this::found)));
            case "replicas" -> replicas();
            case "want" -> want();
            case "cancel" -> cancel();
            case "notices" -> runOnce("notices");
            default -> sync();
        };
    }

    /// Of a command that was given nothing, a refusal says nothing about an answer.
    private int runOnce(String... words) {
        int code = runner.run(List.of(words));
        if (code == Exit.USAGE || code == Exit.REFUSED) {
            throw new Asking.BackException();
        }
        return code;
    }

    private int deposit() {
        String file = asking.need("menu.put.file", local, this::present);
        String to = asking.orElse("menu.put.to", "home:", remote, this::place);
        int replicas = asking.orElse("menu.replicas", "1", this::count);
        List<String> words = new ArrayList<>(List.of("put", file, to));
        if (Files.isDirectory(session.io().path(file))) {
            words.add(1, "-r");
        }
        if (replicas != 1) {
            words.addAll(List.of("--replicas", String.valueOf(replicas)));
        }
        return runner.run(words);
    }

    private int recover() {
        String from = asking.need("menu.get.what", remote, this::found);
        String to = asking.orElse("menu.get.to", ".", local, this::word);
        List<String> words = new ArrayList<>(List.of("get", from));
        if (!to.equals(".")) {
            words.addAll(List.of("-o", to));
        }
        Address at = Address.parse(from);
        if (Tree.what(client(), at) == Tree.What.FOLDER) {
            words.add(1, "-r");
        } else {
            Path file = Get.destination(to.equals(".") ? "" : to, at.path().name(), session);
            if (Files.exists(file) && asking.agreed(texts.get("menu.get.force", file))) {
                words.add("--force");
            }
        }
        return runner.run(words);
    }

    private int replicas() {
        String file = asking.need("menu.replicas.of", remote, this::foundFile);
        int now = client().info(Address.parse(file).file()).getFile().getReplicas();
        int wanted = asking.orElse("menu.replicas", String.valueOf(now), this::count);
        return runner.run(List.of("replicas", file, String.valueOf(wanted)));
    }

    private int want() {
        String what = asking.need("menu.want.what", remote, this::pattern);
        String time = asking.orElse("menu.want.for", "7d", ClientMenu::time);
        return runner.run(List.of("want", what, "--for", time));
    }

    private int cancel() {
        runOnce("wants");
        return runner.run(List.of("unwant", asking.need("menu.cancel", Questions.Names.NONE, answer -> answer)));
    }

    private int sync() {
        String folder = asking.need("menu.sync.folder", localFolders, this::folder);
        String with = asking.orElse("menu.sync.with", "home:", remote, this::place);
        List<String> words = new ArrayList<>(List.of("sync", folder, with));
        if (asking.choice("menu.sync.how", "menu.sync.", WAYS).equals("once")) {
            words.add("--once");
        }
        return runner.run(words);
    }

    private AcervoClient client() {
        try {
            return session.client();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A local path as it is typed for a command, such that none takes it for an option.
    private String word(String answer) {
        return answer.startsWith("-") ? "./" + answer : LocalNames.expanded(session.io(), answer);
    }

    private String present(String answer) {
        String word = word(answer);
        Path path = session.io().path(word);
        if (!Files.exists(path)) {
            throw new UsageException("trouble.NOT_FOUND", answer);
        }
        if (!Files.isReadable(path)) {
            throw new UsageException("trouble.UNREADABLE", answer, texts.get("failure.denied"));
        }
        return word;
    }

    private String folder(String answer) {
        String word = present(answer);
        if (!Files.isDirectory(session.io().path(word))) {
            throw new UsageException("menu.wrong.folder", answer);
        }
        return word;
    }

    /// An address in a space that is there, with its space.
    private String place(String answer) {
        Address at = Address.parse(answer);
        client().list(at.space(), FilePath.ROOT, false, "", 1);
        return Address.hasColon(answer) ? answer : "home:" + answer;
    }

    /// An address at which there is something.
    private String found(String answer) {
        String typed = place(answer);
        Address at = Address.parse(typed);
        if (Tree.what(client(), at) == Tree.What.NOTHING) {
            throw Tree.nothing(at);
        }
        return typed;
    }

    private String foundFile(String answer) {
        String typed = found(answer);
        if (Tree.what(client(), Address.parse(typed)) == Tree.What.FOLDER) {
            throw new UsageException("menu.wrong.file", typed);
        }
        return typed;
    }

    /// A path or a glob: of a glob only the space can be looked at here.
    private String pattern(String answer) {
        boolean glob = answer.chars().anyMatch(c -> "*?[\\".indexOf(c) >= 0);
        place(glob ? answer.substring(0, answer.indexOf(':') + 1) : answer);
        return answer;
    }

    private int count(String answer) {
        int wanted = Arguments.number(texts.get("menu.replicas"), answer, 1);
        int nodes = client().status().getNodes();
        if (wanted > nodes) {
            throw new RefusedException(Reason.NOT_ENOUGH_NODES, wanted, nodes);
        }
        return wanted;
    }

    private static String time(String answer) {
        int digits = answer.length() - 1;
        boolean good = digits >= 1
                && digits <= 6
                && "smhd".indexOf(answer.charAt(digits)) >= 0
                && answer.chars().limit(digits).allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(answer.substring(0, digits)) > 0;
        if (!good) {
            throw new UsageException("menu.wrong.time", answer);
        }
        return answer;
    }
}
