package acervo.client;

import java.util.ArrayList;
import java.util.List;

/// Closes connections that stood still for too long: blocking channels know no timeouts. One daemon thread for the
/// process,
/// started with the first connection, asleep while there is none.
final class Watchdog {
    private static final long TICK_MILLIS = 250;
    private static final List<HttpConnection> WATCHED = new ArrayList<>();
    private static boolean running;

    private Watchdog() {}

    static void watch(HttpConnection connection) {
        synchronized (WATCHED) {
            WATCHED.add(connection);
            if (!running) {
                running = true;
                Thread thread = new Thread(Watchdog::run, "acervo-watchdog");
                thread.setDaemon(true);
                thread.start();
            }
            WATCHED.notifyAll();
        }
    }

    static void forget(HttpConnection connection) {
        synchronized (WATCHED) {
            WATCHED.remove(connection);
        }
    }

    private static void run() {
        while (true) {
            List<HttpConnection> stuck = new ArrayList<>();
            synchronized (WATCHED) {
                try {
                    WATCHED.wait(WATCHED.isEmpty() ? 0 : TICK_MILLIS);
                } catch (InterruptedException _) {
                    // Nobody interrupts this thread but the end of the process.
                    return;
                }
                long now = System.nanoTime();
                for (HttpConnection c : WATCHED) {
                    if (c.stoodStill(now)) {
                        stuck.add(c);
                    }
                }
            }
            stuck.forEach(HttpConnection::timeOut);
        }
    }
}
