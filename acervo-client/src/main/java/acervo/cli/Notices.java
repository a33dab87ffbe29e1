package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.Following;
import acervo.client.UnreachableException;
import acervo.wire.v1.Notice;
import acervo.wire.v1.NoticesReply;
import acervo.wire.v1.NoticesRequest;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `acervo notices`: what arrived and was not told yet; `--follow` goes on telling. A notice counts as seen when it is
/// printed: one that could not be is told again.
final class Notices implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("notices").flag("--follow").words(0, 0);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        s.doing("notices");
        AcervoClient client = s.client();
        if (args.flag("--follow")) {
            try (Following<NoticesReply> following = client.notices(new Follower(client, s))) {
                following.run();
            }
            return Exit.DONE;
        }
        NoticesReply all = client.waitingNotices(0, List.of());
        if (s.out().isJson()) {
            JsonWriter json = s.out().document().open().name("notices").openList();
            all.getNoticesList().forEach(notice -> write(json, notice));
            json.closeList().field("missed", all.getMissed()).close();
            s.out().spill();
        } else {
            all.getNoticesList().forEach(notice -> s.out().line(line(notice, s)));
            if (all.getNoticesCount() == 0) {
                s.out().line(s.texts().get("notices.none"));
            }
        }
        missed(all.getMissed(), s);
        s.out().flush();
        List<Long> numbers =
                all.getNoticesList().stream().map(Notice::getNumber).toList();
        acknowledge(client, numbers, all.getMissed());
        return Exit.DONE;
    }

    private static void acknowledge(AcervoClient client, List<Long> numbers, long missed) {
        int most = acervo.model.Command.MAX_ITEMS;
        for (int from = 0; from < numbers.size(); from += most) {
            client.acknowledge(numbers.subList(from, Math.min(numbers.size(), from + most)), 0);
        }
        if (missed > 0) {
            client.acknowledge(List.of(), missed);
        }
    }

    private static void missed(long missed, Session s) {
        if (missed > 0) {
            s.out().error("acervo: " + s.texts().get("notices.missed", missed));
        }
    }

    private static String line(Notice notice, Session s) {
        Texts t = s.texts();
        return t.get(
                "notices.line",
                Shown.time(notice.getFile().getStoredMillis()),
                s.out().name(notice.getSpace() + ":" + notice.getFile().getPath()),
                Shown.size(notice.getFile().getSize(), t));
    }

    private static void write(JsonWriter json, Notice notice) {
        json.open().field("number", notice.getNumber()).field("interest", notice.getInterest());
        json.field("space", notice.getSpace()).name("file");
        FileJson.write(json, notice.getFile());
        json.close();
    }

    /// Prints what comes, a line each, and acknowledges what it printed.
    private static final class Follower implements Following.Listener<NoticesReply> {
        private final AcervoClient client;
        private final Session session;
        private final List<Long> printed = new ArrayList<>();
        private long last;
        private long missed;
        private boolean lost;

        Follower(AcervoClient client, Session session) {
            this.client = client;
            this.session = session;
        }

        @Override
        public MessageLite request() {
            return NoticesRequest.newBuilder().setAfter(last).setFollow(true).build();
        }

        @Override
        public boolean heard(NoticesReply reply) {
            if (lost) {
                lost = false;
                session.out().error("acervo: " + session.texts().get("wait.back", client.server()));
            }
            for (Notice notice : reply.getNoticesList()) {
                if (notice.getNumber() > last) {
                    last = notice.getNumber();
                    print(notice);
                    printed.add(last);
                }
            }
            session.out().flush();
            if (reply.getMissed() > missed) {
                missed(reply.getMissed() - missed, session);
                missed = reply.getMissed();
            }
            acknowledgeAll();
            return true;
        }

        private void print(Notice notice) {
            if (session.out().isJson()) {
                JsonWriter json = new JsonWriter();
                write(json, notice);
                session.out().raw(json.take() + "\n");
            } else {
                session.out().line(line(notice, session));
            }
        }

        private void acknowledgeAll() {
            try {
                acknowledge(client, printed, missed);
                printed.clear();
                missed = 0;
            } catch (UnreachableException e) {
                // The stream breaks as well, and what was printed is acknowledged with what comes next.
                lost(e.seen());
            }
        }

        @Override
        public void lost(String seen) {
            if (!lost) {
                lost = true;
                session.out().error("acervo: " + session.texts().get("wait.lost", client.server(), seen));
            }
        }
    }
}
