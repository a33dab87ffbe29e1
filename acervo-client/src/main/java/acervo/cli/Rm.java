package acervo.cli;

import acervo.client.AcervoClient;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.SpaceName;
import acervo.wire.v1.ChangeResult;
import acervo.wire.v1.File;
import acervo.wire.v1.RemoveItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `acervo rm`: removes files; folders with `-r`.
final class Rm implements Verb {
    private static final int AT_ONCE = 1_000;

    @Override
    public Grammar grammar() {
        return Grammar.of("rm").flag("-r", "--recursive").flag("--forever").words(1, Integer.MAX_VALUE);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        List<Address> all = args.words().stream().map(Address::parse).toList();
        SpaceName space = all.getFirst().space();
        for (Address at : all) {
            if (!at.space().equals(space)) {
                throw new UsageException("usage.one.space");
            }
        }
        boolean recursive = args.flag("--recursive");
        s.doing("rm", all.size() == 1 ? all.getFirst() : s.texts().get("several.files", all.size()));
        Changes changes = new Changes(s, space);
        List<String> pending = new ArrayList<>();
        for (Address at : all) {
            if (recursive) {
                boolean any = Tree.pages(s.client(), at, true, page -> {
                    pending.addAll(page.stream().map(File::getPath).toList());
                    remove(pending, args, s, changes, AT_ONCE);
                });
                if (!any && !at.path().isRoot()) {
                    changes.refuse(at.path().text(), Tree.nothing(at).refusal());
                }
            } else if (at.folder()) {
                throw new UsageException("usage.folder", at);
            } else {
                pending.add(at.path().text());
            }
        }
        remove(pending, args, s, changes, 1);
        int code = changes.finish();
        if (recursive && code == Exit.DONE) {
            s.out().line(s.texts().get("rm.count", Shown.count(changes.done(), s.texts())));
        }
        return code;
    }

    /// Removes what has gathered, in steps, as long as there is at least `least` of it.
    private static void remove(List<String> pending, Arguments args, Session s, Changes changes, int least) {
        while (pending.size() >= least && !pending.isEmpty()) {
            List<String> some = pending.subList(0, Math.min(AT_ONCE, pending.size()));
            List<RemoveItem> items = some.stream()
                    .map(path -> RemoveItem.newBuilder().setPath(path).build())
                    .toList();
            boolean recursive = args.flag("--recursive");
            SpaceName space = Address.parse(args.words().getFirst()).space();
            List<ChangeResult> results =
                    client(s).remove(space, items, args.flag("--forever")).getResultsList();
            List<ChangeResult> said = new ArrayList<>(results);
            if (!recursive) {
                said.replaceAll(r -> orFolder(r, space, s));
            }
            changes.add(said, (path, _) -> {
                if (!recursive || s.verbose()) {
                    s.out().line(s.texts().get("rm.done", s.out().name(space + ":" + path)));
                }
            });
            some.clear();
        }
    }

    private static AcervoClient client(Session s) {
        try {
            return s.client();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// A folder is not "no such file": the answer tells what is needed.
    private static ChangeResult orFolder(ChangeResult r, SpaceName space, Session s) {
        if (!r.hasError() || !r.getError().getReason().equals(Reason.NO_SUCH_FILE.name())) {
            return r;
        }
        Address at = Address.parse(space + ":" + r.getPath());
        if (Tree.what(client(s), at) != Tree.What.FOLDER) {
            return r;
        }
        Refusal folder = new Refusal(
                Reason.ARGUMENT_INVALID, s.texts().get("folder.needs.r", s.out().errorName(at.toString())));
        return r.toBuilder()
                .setError(r.getError().toBuilder()
                        .setReason(folder.reason().name())
                        .setCode(folder.reason().code())
                        .clearArguments()
                        .addAllArguments(folder.arguments()))
                .build();
    }
}
