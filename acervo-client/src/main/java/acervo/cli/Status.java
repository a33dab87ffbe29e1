package acervo.cli;

import acervo.wire.v1.StatusReply;
import java.io.IOException;

/// `acervo status`: how the server is.
final class Status implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("status").words(0, 0);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        s.doing("status", s.server());
        StatusReply r = s.client().status();
        if (s.out().isJson()) {
            json(r, s.out().document());
        } else {
            text(r, s);
        }
        return Exit.DONE;
    }

    private static void json(StatusReply r, JsonWriter json) {
        json.open().field("version", r.getServerVersion()).field("node", r.getNode());
        json.field("uptime", r.getUptimeSeconds()).field("nodes", r.getNodes()).field("writable", r.getWritable());
        json.field("clients", r.getClients()).field("spaces", r.getSpaces()).field("files", r.getFiles());
        json.field("fileBytes", r.getFileBytes()).field("blobs", r.getBlobs()).field("blobBytes", r.getBlobBytes());
        json.field("diskFree", r.getDiskFreeBytes()).field("diskReserve", r.getDiskReserveBytes());
        json.field("filesShort", r.getFilesShort())
                .field("damaged", r.getDamaged())
                .field("orphans", r.getOrphans());
        json.field("uploads", r.getUploads()).field("logIndex", r.getLogIndex());
        json.name("cache").open().field("hits", r.getCacheHits()).field("misses", r.getCacheMisses());
        json.field("evictions", r.getCacheEvictions())
                .field("bytes", r.getCacheBytes())
                .field("limit", r.getCacheLimitBytes())
                .close();
        json.name("troubles").openList();
        r.getTroublesList().forEach(json::value);
        json.closeList().close();
    }

    private static void text(StatusReply r, Session s) {
        Texts t = s.texts();
        Out out = s.out();
        String up = Shown.duration(r.getUptimeSeconds());
        out.line(t.get("status.server", r.getServerVersion(), up, r.getNode()));
        out.line(t.get(
                "status.files",
                Shown.count(r.getFiles(), t),
                Shown.size(r.getFileBytes(), t),
                Shown.count(r.getSpaces(), t),
                Shown.count(r.getClients(), t)));
        out.line(t.get(
                "status.disk",
                Shown.size(r.getBlobBytes(), t),
                Shown.size(r.getDiskFreeBytes(), t),
                Shown.size(r.getDiskReserveBytes(), t)));
        out.line(t.get(
                "status.copies", r.getNodes(), Shown.count(r.getFilesShort(), t), Shown.count(r.getDamaged(), t)));
        out.line(t.get(
                "status.cache",
                Shown.count(r.getCacheHits(), t),
                Shown.count(r.getCacheMisses(), t),
                Shown.count(r.getCacheEvictions(), t),
                Shown.size(r.getCacheBytes(), t),
                Shown.size(r.getCacheLimitBytes(), t)));
        if (!r.getWritable()) {
            out.line(t.get("status.readonly"));
        }
        r.getTroublesList().forEach(trouble -> out.line(t.get("status.trouble", out.name(trouble))));
    }
}
