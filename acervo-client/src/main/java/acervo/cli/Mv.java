package acervo.cli;

import acervo.client.AcervoClient;
import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import acervo.wire.v1.File;
import acervo.wire.v1.MoveItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `acervo mv`: renames files and folders within a space; no bytes move.
final class Mv implements Verb {
    private static final int AT_ONCE = 1_000;

    @Override
    public Grammar grammar() {
        return Grammar.of("mv").flag("--force").words(2, Integer.MAX_VALUE);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        List<Address> sources = args.words().subList(0, args.words().size() - 1).stream()
                .map(Address::parse)
                .toList();
        SpaceName space = sources.getFirst().space();
        // A destination without a space is in that of the sources: `mv public:a b` renames.
        String last = args.words().getLast();
        Address to = Address.parse(Address.hasColon(last) ? last : space + ":" + last);
        for (Address from : sources) {
            if (!from.space().equals(to.space())) {
                throw new UsageException("usage.mv.space");
            }
        }
        s.doing("mv", sources.size() == 1 ? sources.getFirst() : s.texts().get("several.files", sources.size()), to);
        AcervoClient client = s.client();
        boolean into = to.folder() || sources.size() > 1 || Tree.what(client, to) == Tree.What.FOLDER;
        Changes changes = new Changes(s, space);
        for (Address from : sources) {
            if (from.path().isRoot()) {
                throw new RefusedException(Reason.ARGUMENT_INVALID, s.texts().get("mv.root"));
            }
            FilePath target = into ? to.path().resolve(from.path().name()) : to.path();
            move(from, target, args.flag("--force"), client, s, changes);
        }
        return changes.finish();
    }

    private static void move(
            Address from, FilePath target, boolean force, AcervoClient client, Session s, Changes changes) {
        if (target.isIn(from.path()) && !target.equals(from.path())) {
            throw new RefusedException(Reason.ARGUMENT_INVALID, s.texts().get("mv.into.itself", from));
        }
        List<String> paths = new ArrayList<>();
        boolean any = Tree.pages(
                client, from, true, page -> page.stream().map(File::getPath).forEach(paths::add));
        if (!any) {
            changes.refuse(from.path().text(), Tree.nothing(from).refusal());
            return;
        }
        boolean folder =
                paths.size() > 1 || !paths.getFirst().equals(from.path().text());
        int before = changes.done();
        for (int at = 0; at < paths.size(); at += AT_ONCE) {
            List<MoveItem> items = paths.subList(at, Math.min(paths.size(), at + AT_ONCE)).stream()
                    .map(path -> item(path, from.path(), target, force))
                    .toList();
            changes.add(client.move(from.space(), items).getResultsList(), (_, r) -> {
                if (!folder || s.verbose()) {
                    String now = r.getNow().getPath();
                    s.out()
                            .line(s.texts()
                                    .get(
                                            "mv.done",
                                            s.out().name(from.toString()),
                                            s.out().name(from.space() + ":" + now)));
                }
            });
        }
        if (folder) {
            s.out()
                    .line(s.texts()
                            .get(
                                    "mv.folder",
                                    s.out().name(from.space() + ":" + from.path() + "/"),
                                    s.out().name(from.space() + ":" + target + "/"),
                                    Shown.count(changes.done() - before, s.texts())));
        }
    }

    private static MoveItem item(String path, FilePath from, FilePath target, boolean force) {
        String to = path.equals(from.text())
                ? target.text()
                : target.resolve(Tree.below(from, path)).text();
        return MoveItem.newBuilder().setFrom(path).setTo(to).setReplace(force).build();
    }
}
