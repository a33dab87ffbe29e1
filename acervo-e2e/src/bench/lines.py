"""The lines of the benchmark, and the goal of each."""

import acervo
import delta
import peers
import syncing
from bench import SUBJECT, Contender, Goal, Line
from data import DataSet

NGINX = "nginx"
RSYNC = "rsync daemon"
RSYNC_FORCED = "rsync daemon, --fsync"
RCLONE = "rclone to its WebDAV"
WEBDAV = "WebDAV of rclone, 16 threads"
WEBDAV_CURL = "WebDAV of rclone, one curl"
XMLRPC = "XML-RPC, 16 threads"
XMLRPC_WRK = "XML-RPC under wrk"
DD = "dd conv=fsync"
SHA = "SHA-256 on one core"
LSYNCD = "lsyncd, smallest delay"


def subject(run, *tools):
    return Contender(SUBJECT, run, tools)


def delta_line(key, title, unit, ours, theirs, figure, goal):
    return Line(
        key,
        title,
        unit,
        (
            subject(lambda bench: ours(bench, figure)),
            Contender(RSYNC, lambda bench: theirs(bench, figure), ("rsync",)),
        ),
        (Goal((RSYNC,), goal),),
    )


LINES = (
    Line(
        "download",
        "download {big}",
        "B/s",
        (subject(acervo.download, "curl"), Contender(NGINX, peers.nginx_download, ("nginx", "curl"))),
        (Goal((NGINX,), 0.9),),
    ),
    Line(
        "get-one",
        "GET one 4 KiB file",
        "/s",
        (subject(acervo.get_one, "wrk", "curl"), Contender(NGINX, peers.nginx_one, ("nginx", "wrk"))),
        (Goal((NGINX,), 0.8),),
    ),
    Line(
        "get-many",
        "GET {small} files of 4 KiB",
        "/s",
        (subject(acervo.get_many, "wrk"), Contender(NGINX, peers.nginx_many, ("nginx", "wrk"))),
        (Goal((NGINX,), 0.8),),
    ),
    Line(
        "put-big",
        "deposit {big}",
        "B/s",
        (
            subject(acervo.put_big),
            Contender(DD, peers.disk),
            Contender(SHA, peers.one_core_sha256),
            Contender(RSYNC, peers.rsync_big, ("rsync",)),
            Contender(RCLONE, peers.rclone_big, ("rclone",)),
        ),
        (
            Goal((DD, SHA), 0.5, title="slower of dd conv=fsync and SHA-256 on one core"),
            Goal((RSYNC,), 2),
            Goal((RCLONE,), 3),
        ),
        renew=DataSet.renew_big,
    ),
    Line(
        "put-small",
        "deposit {small} files of 4 KiB",
        "/s",
        (
            subject(acervo.put_small),
            Contender(RSYNC_FORCED, peers.rsync_small_forced, ("rsync",)),
            Contender(XMLRPC, peers.ancestor_small),
            Contender(WEBDAV, peers.rclone_small_threads, ("rclone", "curl")),
            Contender(WEBDAV_CURL, peers.rclone_small_curl, ("rclone", "curl")),
            Contender(RSYNC, peers.rsync_small, ("rsync",)),
        ),
        (
            Goal((RSYNC_FORCED,), 1),
            Goal((XMLRPC,), 2),
            Goal((WEBDAV,), 4),
            Goal((WEBDAV_CURL,), 4, aim=True),
            Goal((RSYNC,), 1, aim=True),
        ),
        renew=DataSet.renew_small,
    ),
    delta_line(
        "delta-up",
        "{big}, 1% changed in 100 places, up",
        "B/s",
        delta.acervo_up,
        delta.rsync_up,
        delta.by_time,
        1,
    ),
    delta_line(
        "delta-up-wire",
        "the same, file's bytes for one on the wire",
        "x",
        delta.acervo_up,
        delta.rsync_up,
        delta.by_bytes,
        1 / 1.2,
    ),
    delta_line(
        "delta-down",
        "{big}, 1% changed in 100 places, down",
        "B/s",
        delta.acervo_down,
        delta.rsync_down,
        delta.by_time,
        1,
    ),
    delta_line(
        "delta-down-wire",
        "the same, file's bytes for one on the wire",
        "x",
        delta.acervo_down,
        delta.rsync_down,
        delta.by_bytes,
        1 / 1.2,
    ),
    Line(
        "hello-grpc",
        "hello by gRPC",
        "/s",
        (
            subject(acervo.hello_grpc, "h2load", "curl"),
            Contender(XMLRPC, peers.ancestor_hello),
            Contender(XMLRPC_WRK, peers.ancestor_hello_wrk, ("wrk",)),
        ),
        (Goal((XMLRPC,), 10), Goal((XMLRPC_WRK,), 10, aim=True)),
    ),
    Line(
        "hello-json",
        "hello by JSON",
        "/s",
        (
            subject(acervo.hello_json, "wrk"),
            Contender(XMLRPC, peers.ancestor_hello),
            Contender(XMLRPC_WRK, peers.ancestor_hello_wrk, ("wrk",)),
        ),
        (Goal((XMLRPC,), 10), Goal((XMLRPC_WRK,), 10, aim=True)),
    ),
    Line(
        "sync-first",
        "first sync of {small} files of 4 KiB",
        "/s",
        (subject(syncing.first), Contender(RSYNC, peers.rsync_small, ("rsync",))),
        (Goal((RSYNC,), 0.5), Goal((RSYNC,), 1, aim=True)),
        renew=DataSet.renew_small,
    ),
    Line("sync-again", "sync of {small} files, nothing changed", "/s", (subject(syncing.again),), ()),
    Line(
        "sync-dropped",
        "{small} files copied into a synced folder, all there",
        "s",
        (subject(syncing.dropped),),
        (Goal(under=7.8 / 5),),
        renew=DataSet.renew_small,
        runs=3,
    ),
    Line(
        "sync-median",
        "closed to readable on the server, median",
        "ms",
        (subject(syncing.latency(0.5)), Contender(LSYNCD, syncing.lsyncd_latency(0.5), ("lsyncd", "rsync"))),
        (Goal(under=0.010),),
        runs=3,
    ),
    Line(
        "sync-worst",
        "closed to readable on the server, 99 of 100",
        "ms",
        (subject(syncing.latency(0.99)), Contender(LSYNCD, syncing.lsyncd_latency(0.99), ("lsyncd", "rsync"))),
        (Goal(under=0.050),),
        runs=3,
    ),
    Line("notice", "deposit to notice, median", "ms", (subject(acervo.notice),), (Goal(under=0.010),), runs=3),
    Line(
        "waiting",
        "{waiting} connected clients, until all are told",
        "ms",
        (subject(acervo.waiting),),
        (Goal(under=1.0, aim=True),),
        warm_ups=0,
        runs=2,
    ),
    Line(
        "waiting-memory",
        "{waiting} connected clients, resident",
        "B",
        (subject(acervo.waiting_memory),),
        (Goal(under=1000e6, aim=True),),
        warm_ups=0,
        runs=1,
    ),
    Line("ls", "`acervo ls`, start to exit", "ms", (subject(acervo.ls),), (Goal(under=0.150),), runs=20),
    Line("start", "server, start to first answer", "s", (subject(acervo.start),), (Goal(under=1.5),), runs=5),
    Line(
        "idle",
        "server, idle {idle}, resident",
        "B",
        (subject(acervo.idle),),
        (Goal(under=150e6),),
        warm_ups=0,
        runs=1,
    ),
)
